// A list of CSS selectors as a tree. Private to HtmlSelector.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace loadgen::text {

struct CssAttribute {
    enum class Match : std::uint8_t { kPresent, kEqual, kWord, kDash, kPrefix, kSuffix, kSubstring };

    std::string name;  ///< in small letters
    Match match = Match::kPresent;
    std::string value{};
    bool ignore_case = false;
};

/// The elements whose place among their siblings is a*n+b for some n of 0 and above.
struct CssPlace {
    std::int64_t a = 0;
    std::int64_t b = 1;
    bool from_end = false;
};

/// What one element must be.
struct CssCompound {
    std::string type{};  ///< in small letters; empty is any
    std::vector<CssAttribute> attributes{};
    std::vector<CssPlace> places{};
    std::vector<CssCompound> none_of{};  ///< :not()
};

/// Compounds from left to right, each but the first with what joins it to the one before.
struct CssComplex {
    enum class Joint : std::uint8_t { kDescendant, kChild, kNext, kLater };

    std::vector<CssCompound> compounds;
    std::vector<Joint> joints;  ///< one fewer
};

Result<std::vector<CssComplex>> parse_css_selectors(std::string_view text);

}  // namespace loadgen::text
