// The open-model load of one run: what is due when, and which phase each instant belongs to.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "loadgen/pacing/models/rate_model.hpp"
#include "loadgen/pacing/rate.hpp"
#include "loadgen/pacing/schedule.hpp"

namespace loadgen::pacing {

inline constexpr std::size_t kMaxPhases = 1000;

/// One phase as asked for.
struct Phase {
    std::string name;  ///< empty: the load calls it "phase 2" by its place
    std::string text;  ///< as the user wrote it
    bool warm_up = false;
    std::unique_ptr<RateModel> model;
    std::optional<std::uint64_t> count;  ///< ends the phase with this request
};

/// One phase as placed on the run's time line.
struct PhaseInfo {
    std::string name;
    Nanos start{};
    std::optional<Nanos> end;  ///< none when endless
    bool warm_up = false;      ///< left out of statistics
    std::string text;
    std::string label;  ///< beside the word "phase": its name, else its number from 1
};

/// Move-only. The schedule stands at its beginning; workers take clones and shares of it (segment.hpp).
struct Load {
    std::unique_ptr<Schedule> schedule;
    std::vector<PhaseInfo> phases;

    /// The phase an instant belongs to: start < offset <= end, for a request due exactly on the end of a
    /// phase belongs to it; offset 0 to the first. Null after the end. One binary search.
    const PhaseInfo* phase_at(Nanos offset) const;
    /// Its place in `phases`; none after the end.
    std::optional<std::size_t> phase_index_at(Nanos offset) const;
    bool warm_up_at(Nanos offset) const {
        const PhaseInfo* phase = phase_at(offset);
        return phase != nullptr && phase->warm_up;
    }
};

/// Places phases one after the other. Errors (kUsage, kLimit) name the phase by number: none at all, more
/// than kMaxPhases, one without an end that is not the last, one that takes longer than kLongestSpan.
Result<Load> make_load(std::vector<Phase> phases);

/// vegeta's -rate and -duration as a load of one phase. Error kUsage for an unlimited rate: that is a closed
/// loop, not a schedule.
Result<Load> make_constant_load(Rate rate, std::optional<Nanos> duration);

}  // namespace loadgen::pacing
