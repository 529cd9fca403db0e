// Texts as numbers, by JavaScript's rules.
#pragma once

#include <string_view>

namespace loadgen::text {

/// What Number(text) is (ECMAScript 2023 section 7.1.4.1): 0 for white space, NaN where there is no number.
double javascript_number(std::string_view text);

}  // namespace loadgen::text
