// What one phase of a load is: a rate over time, walked request by request.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "common/base/time.hpp"
#include "loadgen/pacing/fraction.hpp"

namespace loadgen::pacing {

/// A rate from offset 0 to `duration`. Request k is due where carry + integral reaches k, rounded up to the
/// nanosecond; one that falls exactly on the end still belongs to the phase, so over a duration T there are
/// floor(carry + integral(T)) of them. Models know nothing of their neighbours: `Sequence` hands the
/// left-over fraction from one to the next. Not thread-safe; workers clone.
class RateModel {
  public:
    virtual ~RateModel() = default;

    /// Rewinds to offset 0 with this fraction of a request already accumulated. Must be called first.
    virtual void begin(Fraction carry) = 0;

    /// Passes over n >= 1 requests and returns the due offset of the last. When fewer are left, none, and n
    /// is reduced by those that were left: what remains has to come from the next phase.
    virtual std::optional<Nanos> advance(std::uint64_t& n) = 0;

    /// Requests per second asked for at an offset; 0 outside the phase.
    virtual double rate_at(Nanos offset) const = 0;

    /// The length of the phase; none when endless.
    virtual std::optional<Nanos> duration() const = 0;

    /// The fraction accumulated at the end of the phase, given what `begin` was given. Models that are no
    /// integrals (Poisson, replay, pause) hand on what they were given.
    virtual Fraction carry_out() const = 0;

    /// A copy; `begin` before use.
    virtual std::unique_ptr<RateModel> clone() const = 0;
};

}  // namespace loadgen::pacing
