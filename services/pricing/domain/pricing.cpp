#include "services/pricing/domain/pricing.hpp"

#include <cmath>

namespace loadgen::services::pricing {
namespace {

struct Discount {
    std::int64_t quantity;
    double factor;
};
constexpr std::array<Discount, kBrackets> kDiscounts = {
    {{5, 0.95}, {10, 0.90}, {25, 0.80}, {50, 0.75}, {100, 0.70}}};

constexpr double kCents = 100;
constexpr double kHalf = 0.5;
/// From 2^53 cents a double has none to round to, and much further up a hundredfold would be infinite.
constexpr double kNoCents = 9'007'199'254'740'992.0 / kCents;

/// Halves up.
double to_cents(double exact) {
    return exact >= kNoCents ? exact : std::floor(exact * kCents + kHalf) / kCents;
}

struct Trap {
    double from;
    double below;
    Mishap mishap;
};
constexpr std::array<Trap, 3> kTraps = {{{95, 100, {.delay = std::chrono::seconds(8)}},
                                         {50, 60, {.delay = std::chrono::seconds(40)}},
                                         {90, 95, {.fails = true}}}};

}  // namespace

std::array<Bracket, kBrackets> brackets_for(double price) {
    std::array<Bracket, kBrackets> brackets;
    for (std::size_t i = 0; i < kBrackets; ++i) {
        brackets[i] = {kDiscounts[i].quantity, to_cents(price * kDiscounts[i].factor)};
    }
    return brackets;
}

Mishap mishap_for(double price) {
    for (const Trap& trap : kTraps) {
        if (price >= trap.from && price < trap.below) return trap.mishap;
    }
    return {};
}

}  // namespace loadgen::services::pricing
