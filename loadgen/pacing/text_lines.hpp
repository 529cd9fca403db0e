// Lines of a small data file, with their places for messages.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace loadgen::pacing {

/// Without blanks, tabs and carriage returns at both ends.
std::string_view trim(std::string_view text);

/// The text for a message: at most 60 bytes, control characters shown as '?'.
std::string quoted_start(std::string_view text);

struct TextLine {
    std::size_t number = 0;  ///< counted from 1
    std::string_view text;   ///< trimmed, never empty

    /// "name:line:column: ".
    std::string place(const std::string& name, std::size_t column) const;
};

/// Walks a text, leaving out blank lines and lines that start with '#'.
class TextLines {
  public:
    explicit TextLines(std::string_view text) : rest_(text) {}
    std::optional<TextLine> next();

  private:
    std::string_view rest_;
    std::size_t number_ = 0;
};

}  // namespace loadgen::pacing
