// Counters, gauges and histograms for export: a small part of the OpenTelemetry metrics API.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/telemetry/span.hpp"

namespace loadgen::telemetry {

/// Monotonic sum. Thread-safe, wait-free.
class Counter {
  public:
    void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::uint64_t> value_{0};
};

/// Explicit-bucket histogram of seconds with the boundaries that the semantic conventions give for durations:
/// 0.005 to 10 s. Thread-safe, wait-free.
class DurationHistogram {
  public:
    static constexpr std::size_t kBuckets = 15;
    /// Upper bounds, inclusive, of all buckets but the last.
    static constexpr std::array<std::int64_t, kBuckets - 1> kBoundsNs = {
        5'000'000,   10'000'000,  25'000'000,    50'000'000,    75'000'000,    100'000'000,   250'000'000,
        500'000'000, 750'000'000, 1'000'000'000, 2'500'000'000, 5'000'000'000, 7'500'000'000, 10'000'000'000};
    void record(Nanos duration);
    std::uint64_t bucket(std::size_t index) const { return buckets_[index].load(std::memory_order_relaxed); }
    std::uint64_t count() const;
    double sum_seconds() const;

  private:
    std::atomic<std::uint64_t> buckets_[kBuckets]{};
    std::atomic<std::uint64_t> sum_ns_{0};
};

/// Where a service's instruments live. An instrument is named once and lives as long as the meter; the same
/// name and attributes give the same instrument. Making one locks; using one does not.
class Meter {
  public:
    virtual ~Meter() = default;
    virtual Counter& counter(std::string_view name, std::string_view unit, Attributes attributes = {}) = 0;
    virtual DurationHistogram& durations(std::string_view name, Attributes attributes = {}) = 0;
    /// `read` is asked at each export, on the exporter's thread, until the meter is gone: it must be cheap,
    /// thread-safe, own or outlive what it reads, and leave the meter alone. A second one replaces the first.
    virtual void gauge(std::string_view name, std::string_view unit, std::function<double()> read,
                       Attributes attributes = {}) = 0;
};

}  // namespace loadgen::telemetry
