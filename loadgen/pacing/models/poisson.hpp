// Poisson arrivals: independent exponential gaps with mean 1 / rate.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "loadgen/pacing/models/rate_model.hpp"
#include "loadgen/pacing/rate.hpp"

namespace loadgen::pacing {

/// The rate must not be zero. The gaps come from Random(seed, stream): give every phase its own stream.
std::unique_ptr<RateModel> make_poisson(Rate rate, std::optional<Nanos> duration, std::uint64_t seed,
                                        std::uint64_t stream);

}  // namespace loadgen::pacing
