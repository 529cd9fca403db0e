// The generator grades itself: could it do what was asked, and may its figures be believed?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "loadgen/plan/run_plan.hpp"

namespace loadgen::engine {

class Statistics;
struct WorkerHealth;

/// Past these the verdict is "measurement invalid" (docs/self-grading.md).
namespace limits {
inline constexpr Nanos kTimerLagP99{10'000'000};  ///< open model: due to taken up by the generator
inline constexpr std::uint64_t kFewestLate =
    10;  ///< so many requests must be late; one hiccup spoils no short run
inline constexpr Nanos kSendDelayP99{100'000'000};  ///< open model without an explicit cap
inline constexpr double kAchievedShare = 0.99;      ///< issued of what was due
inline constexpr double kBusyCpu = 0.95;            ///< of one core, in the busiest second
inline constexpr Nanos kClockStep{1'000'000'000};   ///< wall clock against monotonic clock
}  // namespace limits

/// One thing that is wrong, in a sentence with the figure and the limit.
struct Finding {
    bool invalid = false;  ///< breaks a limit; otherwise a warning
    std::string name;      ///< stable: "timer-lag", "ports", …
    std::string text;
};

/// What is known when a run has ended.
struct HealthInputs {
    const plan::RunPlan& plan;
    const Statistics& statistics;
    const std::vector<WorkerHealth>& workers;
    std::uint64_t issued = 0;
    std::uint64_t dropped_results = 0;
    std::string results{};  ///< the name of what they are missing from
    Nanos largest_clock_step{0};
    bool interrupted = false;
};

std::vector<Finding> grade(const HealthInputs& inputs);

/// Warnings before the first request: descriptors, ports, clock source. Raises the descriptor limit as far as
/// the system lets us.
std::vector<Finding> preflight(const plan::RunPlan& plan);

}  // namespace loadgen::engine
