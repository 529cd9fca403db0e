// Schedules that stop early: by time or by number of requests.
#pragma once

#include <cstdint>
#include <memory>

#include "loadgen/pacing/schedule.hpp"

namespace loadgen::pacing {

/// Leaves out what is due after `duration`; a request due exactly then still counts.
class DurationLimit final : public Schedule {
  public:
    DurationLimit(std::unique_ptr<Schedule> whole, Nanos duration);

    std::optional<Nanos> next() override { return advance(1); }
    std::optional<Nanos> advance(std::uint64_t n) override;
    double rate_at(Nanos offset) const override;
    std::optional<Nanos> end() const override;
    std::unique_ptr<Schedule> clone() const override;

  private:
    std::unique_ptr<Schedule> whole_;
    Nanos duration_;
    bool ended_ = false;
};

/// Ends with request number `count`. Since that instant is known only by walking there, `end` is the end of
/// the whole; phases with a count know theirs (see Sequence).
class CountLimit final : public Schedule {
  public:
    CountLimit(std::unique_ptr<Schedule> whole, std::uint64_t count);

    std::optional<Nanos> next() override { return advance(1); }
    std::optional<Nanos> advance(std::uint64_t n) override;
    double rate_at(Nanos offset) const override { return whole_->rate_at(offset); }
    std::optional<Nanos> end() const override { return whole_->end(); }
    std::unique_ptr<Schedule> clone() const override;

  private:
    std::unique_ptr<Schedule> whole_;
    std::uint64_t count_;
    std::uint64_t left_;
};

}  // namespace loadgen::pacing
