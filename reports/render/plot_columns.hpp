// Columns of numbers as compact text: the payload of the HTML plot, decoded by reports/web/src/columns.js.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loadgen::reports {

/// Collects named columns of integers.
///
/// Encoding: each value as the difference to the one before it in its column (the first to 0), zigzag-mapped
/// (0, -1, 1, -2 ... to 0, 1, 2, 3 ...), as a base-128 varint, least significant group first; the columns
/// follow one another without separators. All of it as one zlib stream (RFC 1950), in base64. Values must lie
/// within +-2^51, so that JavaScript's numbers hold their zigzagged differences; larger ones are cut to that.
class ColumnWriter {
  public:
    static constexpr std::int64_t kLargest = std::int64_t{1} << 51;

    /// `name` is a plain identifier (it is not escaped).
    void begin(std::string_view name);
    /// Appends to the column begun last.
    void add(std::int64_t value);

    /// [["name",count],...] in the order begun.
    std::string directory() const;
    std::string payload() const;

  private:
    std::vector<std::pair<std::string, std::size_t>> columns_;
    std::int64_t previous_ = 0;
    std::string bytes_;
};

}  // namespace loadgen::reports
