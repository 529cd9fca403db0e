// What recording one sample costs. Latencies are drawn beforehand, log-uniform over four decades as real ones
// are, so that the branch predictor and the cache see what they see in a run.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "common/stats/histogram.hpp"

namespace {

std::vector<loadgen::Nanos> latencies() {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> exponent(4.5, 8.5);  // 32 us to 316 ms
    std::vector<loadgen::Nanos> values(1 << 16);
    for (auto& value : values) {
        value = loadgen::Nanos(static_cast<std::int64_t>(std::pow(10.0, exponent(random))));
    }
    return values;
}

void record_one_sample(benchmark::State& state) {
    const auto values = latencies();
    loadgen::stats::Histogram histogram;
    std::size_t next = 0;
    for (auto _ : state) {
        histogram.record(values[next]);
        next = (next + 1) & (values.size() - 1);
    }
    benchmark::DoNotOptimize(histogram.count());
}
BENCHMARK(record_one_sample);

void merge_two(benchmark::State& state) {
    loadgen::stats::Histogram total;
    loadgen::stats::Histogram shard;
    for (const auto value : latencies()) shard.record(value);
    for (auto _ : state) total.merge(shard);
    benchmark::DoNotOptimize(total.count());
}
BENCHMARK(merge_two);

}  // namespace
