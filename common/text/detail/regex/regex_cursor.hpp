// Where a reader stands in a regular expression, and what is wrong there. Private to Regex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::text {

/// A reader over one pattern that keeps the first fault. Holds a view of the pattern.
class RegexCursor {
  public:
    RegexCursor(std::string_view pattern, bool unicode) : pattern_(pattern), unicode_(unicode) {}

    std::size_t at = 0;  ///< in bytes

    bool unicode() const { return unicode_; }  ///< the flag u
    std::string_view pattern() const { return pattern_; }
    bool at_end() const { return at >= pattern_.size(); }
    char here() const { return peek(0); }  ///< '\0' at the end
    char peek(std::size_t ahead) const { return at + ahead < pattern_.size() ? pattern_[at + ahead] : '\0'; }
    bool sees(std::string_view text) const { return pattern_.substr(at).starts_with(text); }
    /// `bytes` from here, or more, to end with a whole character.
    std::string_view piece(std::size_t bytes) const;
    std::uint32_t take_character();

    bool failed() const { return !fault_.message.empty(); }
    const Error& fault() const { return fault_; }
    /// `found` is a piece of the pattern; empty stands for its end.
    void fail(std::string_view found, std::string_view expected);
    /// What JavaScript has and RE2 has not.
    void refuse(std::string_view found, std::string_view what);

  private:
    std::string place() const;

    std::string_view pattern_;
    bool unicode_;
    Error fault_;
};

/// A part of a class, or what an escape stands for: one character, or a set of them.
struct RegexAtom {
    std::optional<std::uint32_t> character;
    std::string set;  ///< in RE2's spelling, as it stands inside brackets
};

/// Reads the escape that begins here, with its backslash, but not those that mean a place or a group.
RegexAtom read_regex_escape(RegexCursor& cursor);

}  // namespace loadgen::text
