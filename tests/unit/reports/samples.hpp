// Golden files as records and text.
#pragma once

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "common/runlog/record_reader.hpp"

namespace loadgen::reports {

inline std::string golden(const std::string& name) {
    std::ifstream file(LOADGEN_SOURCE_DIR "/tests/data/vegeta/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<runlog::Record> golden_records(const std::string& name) {
    const std::string bytes = golden(name);
    auto reader = runlog::open_records(name, std::make_unique<runlog::MemoryInput>(bytes));
    std::vector<runlog::Record> records(1);
    while (*(*reader)->next(records.back())) records.emplace_back();
    records.pop_back();
    return records;
}

}  // namespace loadgen::reports
