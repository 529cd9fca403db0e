// Quantity discounts, and the prices that misbehave on purpose.
#pragma once

#include <array>
#include <cstdint>

#include "common/base/time.hpp"

namespace loadgen::services::pricing {

struct Bracket {
    std::int64_t quantity = 0;
    double price = 0;  ///< of one, when that many are ordered; rounded to cents, halves up
};

inline constexpr std::size_t kBrackets = 5;

/// The discounted prices for 5, 10, 25, 50 and 100 pieces. `price` is finite and not negative.
std::array<Bracket, kBrackets> brackets_for(double price);

/// What pricing something of this price suffers while chaos is on: teaching material for timeouts and dead
/// letters.
struct Mishap {
    Nanos delay{0};      ///< work takes this much longer
    bool fails = false;  ///< work throws
};
Mishap mishap_for(double price);

/// Work that takes longer than this is given up, as the platform that the rules come from does.
inline constexpr Nanos kHandlerLimit = std::chrono::seconds(29);

}  // namespace loadgen::services::pricing
