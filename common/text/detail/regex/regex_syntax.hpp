// JavaScript's regular expressions in RE2's spelling. Private to Regex.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.hpp"

namespace loadgen::text {

struct RegexSyntax {
    std::string pattern;  ///< for RE2, groups without names
    std::size_t groups = 0;
    std::vector<std::pair<std::string, std::size_t>> names;
    bool ignore_case = false;
};

/// ECMAScript 2023 section 22.2.1 with what Annex B adds for the web, but strict where Annex B takes a
/// mistake for a letter (\u without digits).
Result<RegexSyntax> translate_regex(std::string_view pattern, std::string_view flags);

}  // namespace loadgen::text
