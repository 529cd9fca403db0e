// Cost of one due instant by model. It is paid once a request: aim below 50 ns for constant rates, 200 ns for
// ramps.
#include <benchmark/benchmark.h>

#include <string>

#include "loadgen/pacing/phase_text.hpp"
#include "loadgen/pacing/segment.hpp"

namespace {

using namespace loadgen::pacing;

void walk(benchmark::State& state, const std::string& phase, Share share) {
    const auto load = parse_load({phase}, {1, {}});
    std::unique_ptr<Schedule> schedule;
    for (auto _ : state) {
        if (!schedule || !schedule->next()) {
            state.PauseTiming();
            schedule = std::make_unique<Segment>(load->schedule->clone(), share);
            state.ResumeTiming();
        }
    }
}

BENCHMARK_CAPTURE(walk, constant, "constant rate=300000/s", Share{});
BENCHMARK_CAPTURE(walk, constant_share, "constant rate=300000/s", Share{3, 16});
BENCHMARK_CAPTURE(walk, linear, "linear from=10/s to=100000/s for=1h", Share{});
BENCHMARK_CAPTURE(walk, linear_down, "linear from=100000/s to=0/s for=1h", Share{});
BENCHMARK_CAPTURE(walk, linear_share, "linear from=10/s to=100000/s for=1h", Share{3, 16});
BENCHMARK_CAPTURE(walk, sine, "sine mean=50000/s amplitude=40000/s period=1m", Share{});
BENCHMARK_CAPTURE(walk, poisson, "poisson rate=50000/s", Share{});
BENCHMARK_CAPTURE(walk, spike, "spike base=1000/s peak=90000/s at=1s width=10m for=1h", Share{});

}  // namespace
