// When requests are due. Small pieces that compose by wrapping (as nighthawk's rate limiters do).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "common/base/time.hpp"

namespace loadgen::pacing {

/// A finite or endless, non-decreasing sequence of due instants as offsets from the start of the run.
///
/// A rate model is the exact integral of its rate: request k (counting from 1) is due at the instant where
/// the integral reaches k, rounded up to the nanosecond, never down, so that no request is early. The first
/// request of a constant rate is due after one interval, as in vegeta. Deterministic: the same specification
/// and seed give the same sequence on every machine. Not thread-safe; every worker owns its own copy.
class Schedule {
  public:
    virtual ~Schedule() = default;

    /// The next due offset, or none when the schedule has ended.
    virtual std::optional<Nanos> next() = 0;

    /// The n-th next due offset (n >= 1), passing over those before it; none when fewer than n remain. Shares
    /// of a schedule use it; the models of this folder answer without visiting the requests in between.
    virtual std::optional<Nanos> advance(std::uint64_t n) {
        for (; n > 1; --n)
            if (!next()) return std::nullopt;
        return next();
    }

    /// The rate asked for at an offset, requests per second, for progress lines and reports. 0 outside the
    /// schedule.
    virtual double rate_at(Nanos offset) const = 0;

    /// When the schedule ends although no further request is due (the end of its last phase); none if
    /// unbounded.
    virtual std::optional<Nanos> end() const = 0;

    /// A fresh copy that starts from the beginning.
    virtual std::unique_ptr<Schedule> clone() const = 0;
};

}  // namespace loadgen::pacing
