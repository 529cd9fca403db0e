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

/// Immutable; any thread may search.
class Regex {
  public:
    Regex();
    ~Regex();
    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;

    /// `pattern` in JavaScript's spelling, `flags` of "gimsuy" (g, u and y change nothing here). What RE2
    /// does not have (look-around, back-references) is an error that names it and its place.
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
