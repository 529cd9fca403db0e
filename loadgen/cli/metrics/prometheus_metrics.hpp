// Counters and histograms of a run as Prometheus scrapes them. No I/O.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/runlog/record.hpp"

namespace loadgen::cli {

/// The text formats of a scrape.
enum class ExpositionFormat : std::uint8_t {
    kPrometheus,   ///< text format 0.0.4
    kOpenMetrics,  ///< OpenMetrics 1.0
};

/// The Content-Type of an answer in this format.
std::string_view content_type(ExpositionFormat format);

/// What an Accept header asks for: OpenMetrics when it is named and not liked less than plain text.
ExpositionFormat choose_format(std::string_view accept);

/// vegeta's four families: request_seconds, request_bytes_in, request_bytes_out and request_fail_count, by
/// method, url and status (0 = no complete response), the last by message too. Any thread. Memory is bounded:
/// label sets beyond kMaxSeries, and messages beyond kMaxFailures, are counted under "(other)"; long texts
/// are cut.
class PrometheusMetrics {
  public:
    static constexpr std::size_t kMaxSeries = 1000;
    static constexpr std::size_t kMaxFailures = 1000;
    static constexpr std::size_t kMaxLabelBytes = 1024;
    /// Upper bounds of the latency buckets, per decade from 100 us to 100 s. Neighbours are at most a
    /// factor 1.5 apart, so a quantile read off them is too; every default bound of the Prometheus clients is
    /// among them.
    static constexpr std::array<std::uint64_t, 7> kDecadeTenths{10, 15, 20, 25, 35, 50, 70};
    static constexpr std::size_t kBuckets = 6 * kDecadeTenths.size() + 1;

    /// Counts a finished exchange. Those of a warm-up are left out, as in reports.
    void add(const runlog::Record& record);
    /// The whole state.
    std::string render(ExpositionFormat format) const;

    /// The upper bound of a bucket in nanoseconds.
    static std::uint64_t bound_ns(std::size_t bucket);

  private:
    struct Series {
        std::string labels;                                // escaped: method="GET",url="...",status="200"
        std::array<std::uint64_t, kBuckets + 1> counts{};  // each bucket by itself; the last is +Inf
        std::uint64_t sum_ns = 0;
        std::uint64_t bytes_in = 0;
        std::uint64_t bytes_out = 0;
    };
    struct Failures {
        std::string labels;
        std::uint64_t count = 0;
    };

    Series& series_of(const runlog::Record& record);
    void add_failure(const runlog::Record& record);

    mutable std::mutex mutex_;
    std::string key_;  // scratch
    std::vector<Series> series_;
    std::unordered_map<std::string, std::size_t> series_index_;
    std::vector<Failures> failures_;
    std::unordered_map<std::string, std::size_t> failures_index_;
};

}  // namespace loadgen::cli
