// Shares of a schedule: a machine of several, a worker of several.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "common/base/result.hpp"
#include "loadgen/pacing/schedule.hpp"

namespace loadgen::pacing {

/// Every `of`-th request, from the `index`-th (1-based) on. The shares 1/N to N/N part a schedule exactly,
/// and shares of shares compose: a machine's share is dealt to its workers with a second Segment.
struct Share {
    std::uint64_t index = 1;
    std::uint64_t of = 1;

    /// The place in the whole of this share's n-th request; both count from 0.
    std::uint64_t in_whole(std::uint64_t n) const { return index - 1 + n * of; }
    /// This share's part of a total; the parts add up to it.
    std::uint64_t part_of(std::uint64_t total) const { return total / of + (index <= total % of ? 1 : 0); }
    friend bool operator==(const Share&, const Share&) = default;
};

/// Parses "k/N" with 1 <= k <= N <= 1000000 (-segment).
Result<Share> parse_share(std::string_view text);

class Segment final : public Schedule {
  public:
    /// `whole` must stand at its beginning; 1 <= index <= of.
    Segment(std::unique_ptr<Schedule> whole, Share share);

    std::optional<Nanos> next() override { return advance(1); }
    std::optional<Nanos> advance(std::uint64_t n) override;
    double rate_at(Nanos offset) const override;
    std::optional<Nanos> end() const override { return whole_->end(); }
    std::unique_ptr<Schedule> clone() const override;

  private:
    std::unique_ptr<Schedule> whole_;
    Share share_;
    bool started_ = false;
};

}  // namespace loadgen::pacing
