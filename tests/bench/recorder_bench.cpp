// What recording one latency costs: warm cache, cold cache, through the interval series; and what merging
// costs.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <vector>

#include "common/base/random.hpp"
#include "common/stats/histogram.hpp"
#include "common/stats/interval_series.hpp"

namespace loadgen::stats {
namespace {

constexpr std::size_t kSamples = 1 << 16;

/// Log-normal latencies, median 2 ms, as a service under load has them.
std::vector<Nanos> latencies() {
    Random random(1);
    std::vector<Nanos> values;
    for (std::size_t i = 0; i < kSamples; ++i) {
        const double normal =
            std::sqrt(2 * random.exponential()) * std::cos(6.283185307179586 * random.uniform());
        values.emplace_back(static_cast<std::int64_t>(2e6 * std::exp(normal)));
    }
    return values;
}

void record_warm(benchmark::State& state) {
    const std::vector<Nanos> values = latencies();
    Histogram histogram;
    std::size_t i = 0;
    for (auto _ : state) histogram.record(values[i++ % kSamples]);
    benchmark::DoNotOptimize(histogram.count());
    state.SetItemsProcessed(state.iterations());
}

/// Every record goes to another of 512 histograms (about 30 MB in all), so its bucket is rarely in a cache.
void record_cold(benchmark::State& state) {
    const std::vector<Nanos> values = latencies();
    std::vector<Histogram> histograms(512);
    for (Histogram& histogram : histograms) {
        for (const Nanos value : values) histogram.record(value);
    }
    std::size_t i = 0;
    for (auto _ : state) {
        histograms[i * 197 % histograms.size()].record(values[i % kSamples]);
        ++i;
    }
    state.SetItemsProcessed(state.iterations());
}

void record_in_series(benchmark::State& state) {
    const std::vector<Nanos> values = latencies();
    HistogramSeries series;
    CounterSeries counters;
    std::size_t i = 0;
    for (auto _ : state) {
        const Nanos offset(static_cast<std::int64_t>(i % 10'000'000) * 20'000);  // 50 000 requests a second
        series.record(offset, values[i++ % kSamples]);
        counters.add(offset, {.sent = 1, .completed = 1, .bytes_in = 300});
    }
    state.SetItemsProcessed(state.iterations());
}

void merge(benchmark::State& state) {
    const std::vector<Nanos> values = latencies();
    Histogram source;
    for (const Nanos value : values) source.record(value);
    Histogram target = source;
    for (auto _ : state) target.merge(source);
    benchmark::DoNotOptimize(target.count());
}

BENCHMARK(record_warm);
BENCHMARK(record_cold);
BENCHMARK(record_in_series);
BENCHMARK(merge);

}  // namespace
}  // namespace loadgen::stats
