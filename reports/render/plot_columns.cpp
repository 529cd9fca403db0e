#include "reports/render/plot_columns.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <zlib.h>

#include "common/base/encoding.hpp"

namespace loadgen::reports {
namespace {

std::string deflated(const std::string& bytes) {
    uLongf length = compressBound(static_cast<uLong>(bytes.size()));
    std::string out(length, '\0');
    // Cannot fail: the buffer has the bound's size, and being out of memory ends the program anyway.
    compress2(reinterpret_cast<Bytef*>(out.data()), &length, reinterpret_cast<const Bytef*>(bytes.data()),
              static_cast<uLong>(bytes.size()), Z_BEST_COMPRESSION);
    out.resize(length);
    return out;
}

}  // namespace

void ColumnWriter::begin(std::string_view name) {
    columns_.emplace_back(name, 0);
    previous_ = 0;
}

void ColumnWriter::add(std::int64_t value) {
    value = std::clamp(value, -kLargest, kLargest);
    const std::int64_t delta = value - previous_;
    previous_ = value;
    ++columns_.back().second;
    auto rest = (static_cast<std::uint64_t>(delta) << 1) ^ static_cast<std::uint64_t>(delta >> 63);
    while (rest >= 0x80) {
        bytes_ += static_cast<char>(rest | 0x80);
        rest >>= 7;
    }
    bytes_ += static_cast<char>(rest);
}

std::string ColumnWriter::directory() const {
    std::string out = "[";
    for (const auto& [name, count] : columns_) {
        out += fmt::format("{}[\"{}\",{}]", out.size() > 1 ? "," : "", name, count);
    }
    return out += "]";
}

std::string ColumnWriter::payload() const {
    return to_base64(deflated(bytes_));
}

}  // namespace loadgen::reports
