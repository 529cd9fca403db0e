// Regular expressions on RE2: linear time whatever the pattern and the input.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace loadgen::text {

/// One match: group 0 is the whole; a group that took no part is empty and `set` is false.
struct RegexMatch {
    struct Group {
        bool set = false;
        std::string_view text;  ///< into the searched text
    };
    std::vector<Group> groups;
};

/// Immutable; copies share what is compiled; any thread may search. It matches what JavaScript matches, with
/// these differences: characters are whole ones (not halves of surrogate pairs), `$` and `^` of the flag m
/// know only "\n" as the end of a line, a group inside a repetition keeps what an earlier turn gave it, and a
/// repetition counts to 1000 at most.
class Regex {
  public:
    Regex();  ///< matches nothing
    ~Regex();
    Regex(const Regex&);
    Regex& operator=(const Regex&);
    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;

    /// `pattern` in JavaScript's spelling, without the slashes around it; `flags` of "gimsuy" (g and y change
    /// nothing here). What RE2 does not have (look-around, back-references) is an error of code kUnsupported.
    /// Errors say at which character (from 1) what was found and what is allowed.
    static Result<Regex> compile(std::string_view pattern, std::string_view flags = "");

    bool matches(std::string_view text) const;  ///< somewhere in the text
    std::optional<RegexMatch> search(std::string_view text) const;
    /// The number of a named group, if there is one.
    std::optional<std::size_t> group(std::string_view name) const;
    std::size_t groups() const;  ///< without group 0

  private:
    struct Program;
    std::shared_ptr<const Program> program_;
};

}  // namespace loadgen::text
