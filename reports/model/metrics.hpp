// The figures of a run, computed record by record in bounded memory and mergeable exactly.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/base/cause.hpp"
#include "common/runlog/record.hpp"
#include "common/stats/histogram.hpp"
#include "common/stats/largest.hpp"

namespace loadgen::reports {

/// What one endpoint answered.
struct EndpointMetrics {
    std::uint64_t requests = 0;
    std::uint64_t successes = 0;
    std::uint64_t bytes_in = 0;
    stats::Histogram response_time;
    stats::Histogram service_time;

    void merge(const EndpointMetrics& other);
};

/// Connections as the exchanges on them tell. A phase is counted where it took place.
struct ConnectionMetrics {
    std::uint64_t opened = 0;       ///< exchanges that were the first on their connection
    std::uint64_t exchanges = 0;    ///< exchanges that had a connection
    std::uint32_t max_ordinal = 0;  ///< most exchanges seen on one connection
    stats::Histogram dns;
    stats::Histogram connect;
    stats::Histogram tls;

    void merge(const ConnectionMetrics& other);
};

/// One of the slowest requests: which it was, when, and where to look further.
struct SlowRequest {
    WallTime due;
    Nanos response_time{0};
    Nanos service_time{0};
    Nanos send_delay{0};
    std::uint64_t seq = 0;
    std::uint16_t code = 0;  ///< 0 = no complete response
    Cause cause = Cause::kOk;
    std::string endpoint;
    std::string scenario;  ///< empty in an attack
    std::string trace_id;  ///< 32 hex digits; empty when it carried no traceparent
    std::string span_id;   ///< 16 hex digits
};

/// What vegeta's files do not tell: present once a record carried a RecordDetail.
struct DetailMetrics {
    stats::Histogram service_time;  ///< done minus sent
    stats::Histogram send_delay;    ///< sent minus due
    stats::Histogram wait;          ///< request written to first response byte
    stats::Histogram body;          ///< first response byte to last
    std::array<std::uint64_t, kCauseCount> causes{};
    ConnectionMetrics connections;
    std::map<std::string, EndpointMetrics> endpoints;
    stats::Largest<SlowRequest> slowest;  ///< by response time
    std::uint64_t warm_up = 0;            ///< records left out of everything else

    void merge(const DetailMetrics& other);
};

/// Figures that were aggregated elsewhere, by the engine while it ran: what `Metrics` would hold had it seen
/// every record.
struct Aggregate {
    std::uint64_t successes = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    WallTime start;  ///< of the run
    WallTime earliest;
    WallTime latest;
    WallTime end;
    stats::Histogram latencies;
    std::map<std::uint16_t, std::uint64_t> status_codes;
    std::vector<std::string> errors;
    std::uint64_t errors_not_listed = 0;
    DetailMetrics detail;
};

/// vegeta's metrics with its formulas, and ours. Differences to vegeta: percentiles come from an HDR
/// histogram (within 0.1 %) instead of a t-digest, the minimum may be 0, warm-up is left out. Not
/// thread-safe.
///
/// Memory: at most kMaxErrors error texts of kMaxErrorBytes and kMaxEndpoints endpoints; what goes beyond is
/// counted, endpoints under kOtherEndpoints.
class Metrics {
  public:
    static constexpr std::size_t kMaxErrors = 1000;
    static constexpr std::size_t kMaxErrorBytes = 4096;
    static constexpr std::size_t kMaxEndpoints = 100;
    static constexpr const char* kOtherEndpoints = "(other endpoints)";

    void add(const runlog::Record& record);
    void add(const Aggregate& aggregate);
    /// As if the records of `other` had been added after ours. Exact, unless a cap was reached.
    void merge(const Metrics& other);

    std::uint64_t requests() const { return requests_; }
    std::uint64_t successes() const { return successes_; }
    std::uint64_t bytes_in() const { return bytes_in_; }
    std::uint64_t bytes_out() const { return bytes_out_; }
    double bytes_in_mean() const { return per_request(bytes_in_); }
    double bytes_out_mean() const { return per_request(bytes_out_); }
    double success_ratio() const { return per_request(successes_); }

    /// Of the run: offsets count from it. In a result file the first due instant, warm-up included.
    std::optional<WallTime> start() const { return start_; }
    std::optional<WallTime> earliest() const { return earliest_; }  ///< first start
    std::optional<WallTime> latest() const { return latest_; }      ///< last start
    std::optional<WallTime> end() const { return end_; }            ///< last end: start plus latency
    Nanos duration() const;                                         ///< latest minus earliest
    Nanos wait() const;                                             ///< end minus latest
    double rate() const;        ///< requests per second of duration(); all of them when that is 0
    double throughput() const;  ///< successes per second of duration() + wait(), or all of them

    const stats::Histogram& latencies() const { return latencies_; }  ///< response time where we measured
    Nanos latency_total() const { return latencies_.total(); }
    Nanos latency_mean() const;

    const std::map<std::uint16_t, std::uint64_t>& status_codes() const { return status_codes_; }
    /// Distinct error texts in order of first appearance.
    const std::vector<std::string>& errors() const { return errors_; }
    std::uint64_t errors_not_listed() const { return errors_not_listed_; }  ///< records, not texts

    const std::optional<DetailMetrics>& detail() const { return detail_; }

  private:
    double per_request(std::uint64_t total) const;
    void add_error(const std::string& error);
    void add_detail(const runlog::Record& record);
    void add_detail(const DetailMetrics& detail);
    EndpointMetrics& endpoint(const std::string& name);
    void extend(WallTime first, WallTime last, WallTime end);

    std::uint64_t requests_ = 0;
    std::uint64_t successes_ = 0;
    std::uint64_t bytes_in_ = 0;
    std::uint64_t bytes_out_ = 0;
    std::optional<WallTime> start_;
    std::optional<WallTime> earliest_;
    std::optional<WallTime> latest_;
    std::optional<WallTime> end_;
    stats::Histogram latencies_;
    std::map<std::uint16_t, std::uint64_t> status_codes_;
    std::vector<std::string> errors_;
    std::unordered_set<std::string> known_errors_;
    std::uint64_t errors_not_listed_ = 0;
    std::optional<DetailMetrics> detail_;
};

}  // namespace loadgen::reports
