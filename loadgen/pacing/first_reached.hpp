// The smallest integer at which a monotonic condition holds, found from a good guess.
#pragma once

#include <algorithm>
#include <cstdint>

namespace loadgen::pacing {

/// `reached` must be false then true over [low, high] and is taken to be true at `high`. A guess that is
/// exact costs two calls; a guess off by d costs about 2 log2(d).
template <typename Reached>
std::int64_t first_reached(std::int64_t low, std::int64_t high, std::int64_t guess, Reached reached) {
    guess = std::clamp(guess, low, high);
    std::int64_t step = 1;
    if (guess == high || reached(guess)) {
        high = guess;
        while (high > low) {
            const std::int64_t below = std::max(low, high - step);
            if (!reached(below)) {
                low = below + 1;
                break;
            }
            high = below;
            step *= 2;
        }
    } else {
        low = guess + 1;
        while (low < high) {
            const std::int64_t above = std::min(high, guess + step);
            if (above == high || reached(above)) {
                high = above;
                break;
            }
            low = above + 1;
            step *= 2;
        }
    }
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (reached(middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return high;
}

}  // namespace loadgen::pacing
