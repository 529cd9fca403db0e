// The test data of tests/data/hdr (see its README.md): files, and the sample stream they were recorded from.
#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/stats/histogram.hpp"

namespace loadgen::stats::hdr_data {

class SampleStream {
  public:
    explicit SampleStream(std::uint64_t seed) : state_(seed) {}

    std::int64_t next() {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        const std::uint64_t base = 1000 * (1 + (state_ >> 33) % 2000);
        return static_cast<std::int64_t>(base << (state_ >> 29 & 7));
    }

  private:
    std::uint64_t state_;
};

inline std::vector<std::int64_t> samples(std::uint64_t seed, int count) {
    SampleStream stream(seed);
    std::vector<std::int64_t> values;
    for (int i = 0; i < count; ++i) values.push_back(stream.next());
    return values;
}

inline Histogram recorded(std::uint64_t seed, int count) {
    Histogram histogram;
    for (const std::int64_t value : samples(seed, count)) histogram.record(Nanos(value));
    return histogram;
}

inline std::string read(const std::string& name) {
    std::ifstream file(LOADGEN_SOURCE_DIR "/tests/data/hdr/" + name, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty()) throw std::runtime_error("no test data " + name);
    return text;
}

inline std::string read_base64(const std::string& name) {
    std::string text = read(name);
    text.pop_back();
    return text;
}

/// A .facts file: what the other implementation says about its own histogram.
struct Facts {
    std::uint64_t count = 0;
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::map<double, std::int64_t> percentiles;
    std::map<std::int64_t, std::uint64_t> up_to;
};

inline Facts facts(const std::string& name) {
    Facts facts;
    std::istringstream in(read(name));
    for (std::string key; in >> key;) {
        double percentile = 0;
        std::int64_t value = 0;
        if (key == "count") in >> facts.count;
        if (key == "min") in >> facts.min;
        if (key == "max") in >> facts.max;
        if (key == "p") {
            in >> percentile >> value;
            facts.percentiles[percentile] = value;
        }
        if (key == "upto") {
            in >> value;
            in >> facts.up_to[value];
        }
    }
    return facts;
}

}  // namespace loadgen::stats::hdr_data
