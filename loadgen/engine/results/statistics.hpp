// What a run measured, aggregated as it happens: bounded memory, exact merge.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/cause.hpp"
#include "common/stats/histogram.hpp"
#include "common/stats/interval_series.hpp"
#include "common/stats/largest.hpp"
#include "loadgen/engine/exchanges/exchange.hpp"

namespace loadgen::engine {

/// The three figures that always stand side by side.
struct LatencyFigures {
    stats::Histogram response;    ///< done - due
    stats::Histogram service;     ///< done - sent
    stats::Histogram send_delay;  ///< sent - due

    void merge(const LatencyFigures& other);
};

/// One endpoint's exchanges, apart by outcome: failures keep their latencies, nothing is censored.
struct EndpointStatistics {
    LatencyFigures succeeded;
    LatencyFigures failed;
    std::array<std::uint64_t, kCauseCount> causes{};
    std::map<std::uint16_t, std::uint64_t> statuses;  ///< 0 = no complete response
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;

    void merge(const EndpointStatistics& other);
};

/// Exchanges under one heading.
struct GroupStatistics {
    LatencyFigures figures;  ///< all of them, however they ended
    std::uint64_t count = 0;
    std::uint64_t failed = 0;

    void merge(const GroupStatistics& other);
};

/// One of the slowest exchanges. Plain data: keeping one allocates nothing.
struct SlowExchange {
    static constexpr std::uint32_t kNoScenario = 0xffffffff;

    Nanos due{0};  ///< offset from the start of the run
    Nanos response{0};
    Nanos service{0};
    Nanos send_delay{0};
    std::uint64_t sequence = 0;
    std::uint32_t endpoint = 0;
    std::uint32_t scenario = kNoScenario;  ///< its place among the plan's
    std::uint16_t status = 0;
    Cause cause = Cause::kOk;
    TraceIds trace;
};

/// Connection life, counted.
struct ConnectionStatistics {
    std::uint64_t opened = 0;         ///< dials that led to a connection
    std::uint64_t failed = 0;         ///< dials that led to none: refused, timed out, …
    std::uint64_t closed = 0;         ///< of those opened
    stats::Histogram exchanges_each;  ///< exchanges a closed connection carried, one "nanosecond" an exchange
    stats::Histogram dns;
    stats::Histogram connect;
    stats::Histogram tls;

    void merge(const ConnectionStatistics& other);
};

/// One worker's shard, or the merged whole. Warm-up exchanges are counted in `warm_up` and nowhere else.
class Statistics {
  public:
    /// Distinct error texts kept; further ones are counted in `other_errors`.
    static constexpr std::size_t kMaxErrors = 100;

    /// `start`: the instant offsets count from.
    void record(const Exchange& exchange, Instant start, Instant done);
    void record_issued(Nanos timer_lag) { timer_lag_.record(timer_lag); }
    void record_sent(Nanos offset) { counters_.add(offset, {.sent = 1}); }
    void record_warm_up(bool answered) {
        ++warm_up_;
        if (answered) ++warm_up_answered_;
    }
    /// The same exchange under a further heading: its scenario, phase, status class or tag.
    void record_group(std::uint32_t group, const Exchange& exchange, Instant done);
    void merge(const Statistics& other);

    ConnectionStatistics connections;

    const std::vector<std::unique_ptr<EndpointStatistics>>& endpoints() const {
        return endpoints_;
    }  ///< may hold null
    const std::vector<std::unique_ptr<GroupStatistics>>& groups() const {
        return groups_;
    }                                                       ///< may hold null
    const stats::Histogram& wait() const { return wait_; }  ///< request written to first response byte
    const stats::Histogram& body() const { return body_; }  ///< first response byte to last
    const stats::Histogram& timer_lag() const { return timer_lag_; }
    const stats::CounterSeries& counters() const { return counters_; }
    const stats::HistogramSeries& latencies() const { return latencies_; }  ///< response time by due instant
    const stats::Largest<SlowExchange>& slowest() const { return slowest_; }  ///< by response time
    /// Distinct error texts in order of first appearance, with their counts.
    const std::vector<std::pair<std::string, std::uint64_t>>& errors() const { return errors_; }
    std::uint64_t other_errors() const { return other_errors_; }
    std::uint64_t warm_up() const { return warm_up_; }
    std::uint64_t warm_up_answered() const { return warm_up_answered_; }
    std::uint64_t count() const { return count_; }
    std::uint64_t failed() const { return failed_; }
    Instant first_due() const { return first_due_; }
    Instant last_due() const { return last_due_; }
    Instant last_done() const { return last_done_; }

  private:
    EndpointStatistics& endpoint(std::uint32_t index);
    void record_error(const std::string& text, std::uint64_t times);
    void keep_slow(const Exchange& exchange, Instant start, Instant done);

    std::vector<std::unique_ptr<EndpointStatistics>> endpoints_;
    std::vector<std::unique_ptr<GroupStatistics>> groups_;
    stats::Histogram wait_;
    stats::Histogram body_;
    stats::Histogram timer_lag_;
    stats::CounterSeries counters_;
    stats::HistogramSeries latencies_;
    stats::Largest<SlowExchange> slowest_;
    std::vector<std::pair<std::string, std::uint64_t>> errors_;
    std::unordered_map<std::string, std::size_t> error_index_;
    std::string error_text_;  // scratch
    std::uint64_t other_errors_ = 0;
    std::uint64_t warm_up_ = 0;
    std::uint64_t warm_up_answered_ = 0;  ///< by a complete response, whatever its status
    std::uint64_t count_ = 0;
    std::uint64_t failed_ = 0;
    Instant first_due_ = Instant::max();
    Instant last_due_ = Instant::min();
    Instant last_done_ = Instant::min();
};

/// The text results and reports carry for an exchange that did not succeed; empty for success. HTTP failures
/// read as vegeta's do: the status line ("404 Not Found").
void append_error_text(std::string& out, const Exchange& exchange);

}  // namespace loadgen::engine
