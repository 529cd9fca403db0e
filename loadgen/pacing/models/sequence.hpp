// Phases one after the other.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "loadgen/pacing/models/rate_model.hpp"
#include "loadgen/pacing/schedule.hpp"

namespace loadgen::pacing {

struct SequencePart {
    std::unique_ptr<RateModel> model;
    std::optional<std::uint64_t>
        count;  ///< the part ends with this request, if its model has not ended before
};

/// Runs its parts in turn, each starting where the one before ended, with the fraction of a request that one
/// had accumulated; a part ended by its count leaves none. Parts after an endless one never run. Where parts
/// with a count are no integrals (Poisson) the constructor visits that many requests.
class Sequence final : public Schedule {
  public:
    explicit Sequence(std::vector<SequencePart> parts);

    std::optional<Nanos> next() override { return advance(1); }
    std::optional<Nanos> advance(std::uint64_t n) override;
    double rate_at(Nanos offset) const override;
    std::optional<Nanos> end() const override;
    std::unique_ptr<Schedule> clone() const override;

    /// Start of part i, and of the end for i == number of parts; none after an endless part.
    std::optional<Nanos> start_of(std::size_t part) const;

  private:
    struct Part {
        std::unique_ptr<RateModel> model;
        std::optional<std::uint64_t> count;
        std::optional<Nanos> start;
        std::optional<Nanos> end;
        Fraction carry;
    };
    Sequence() = default;
    static Part copy(const Part& part);
    void enter(std::size_t part);

    std::vector<Part> parts_;
    std::size_t current_ = 0;
    std::uint64_t done_ = 0;  ///< requests of the current part handed out
};

}  // namespace loadgen::pacing
