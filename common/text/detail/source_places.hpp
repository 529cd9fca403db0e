// From offsets into a text to lines and columns as editors count them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/mark.hpp"

namespace loadgen::text {

/// Columns count characters. Each look-up costs the same wherever it points, so that a file of one long line
/// is no trap. Holds a view: the text must outlive it.
class SourcePlaces {
  public:
    explicit SourcePlaces(std::string_view text);

    std::string_view text() const { return text_; }
    /// Offsets beyond the end mean the end.
    Mark mark_at(std::size_t offset) const;

  private:
    std::size_t continuation_bytes_before(std::size_t offset) const;

    std::string_view text_;
    std::vector<std::size_t> line_starts_{0};
    std::vector<std::size_t> continuations_;  ///< before each block of the text
};

/// What stands in the text at this offset, for messages: the rest of its line, in quotes and clipped.
std::string found_at(std::string_view text, std::size_t offset);

/// `text` in quotes, fit for one line of a message: control characters escaped, clipped when long.
std::string quoted(std::string_view text);

/// Appends a key to a path of keys: `.name`, or `["any text"]`; `name` when the path is empty.
void append_key(std::string& path, std::string_view key);

}  // namespace loadgen::text
