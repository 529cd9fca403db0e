// Rows of keys that several kinds of map have in common.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "loadgen/scenario/artillery/keys.hpp"

namespace loadgen::scenario::artillery {

/// `first` and `second` as one table.
template <std::size_t kFirst, std::size_t kSecond>
constexpr std::array<KeyRow, kFirst + kSecond> joined(const KeyRow (&first)[kFirst],
                                                      const KeyRow (&second)[kSecond]) {
    std::array<KeyRow, kFirst + kSecond> rows{};
    std::copy(second, second + kSecond, std::copy(first, first + kFirst, rows.begin()));
    return rows;
}

}  // namespace loadgen::scenario::artillery
