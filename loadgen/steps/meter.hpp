// What the users of one thread report, by the names that Artillery gives it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/stats/histogram.hpp"
#include "common/stats/metric_book.hpp"
#include "loadgen/plan/scenario_plan.hpp"
#include "loadgen/steps/host.hpp"
#include "loadgen/steps/metric_names.hpp"

namespace loadgen::steps {

/// Not thread-safe: one a thread, merged afterwards.
class Meter {
  public:
    explicit Meter(const plan::ScenarioPlan& plan);

    /// Where offsets count from; before the first metric.
    void start(Instant start) { start_ = start; }

    void user_created(const plan::Journey& journey, Instant now);
    void user_skipped(Instant now) { book_.count(at(Metric::kUsersSkipped), 1, now - start_); }
    /// `warm_up`: it arrived in a phase whose times do not count.
    void user_completed(Nanos session, bool warm_up, Instant now);
    void user_failed(Instant now) { book_.count(at(Metric::kUsersFailed), 1, now - start_); }
    void user_interrupted(Instant now);

    void request_sent(Instant now);
    // Answers are counted always; the times of those that were due in a warm-up phase are left out.
    void answered(std::uint32_t request, const Answer& answer);
    /// A request without an answer, by its code.
    void request_failed(std::uint32_t request, std::string_view code, Instant now);
    /// A request that failed in whatever way: no answer, or none that the script wants.
    void exchange_failed(Instant now) { book_.count(at(Metric::kRequestsFailed), 1, now - start_); }

    /// An event of a stream: whether it counts.
    void event(bool counts, Instant now);
    /// How long after the stream was due its first event came.
    void first_event(Nanos time, const Answer& stream) { record_time(at(Metric::kFirstEvent), time, stream); }
    /// A stream that was answered is over.
    void stream_ended(const Answer& answer);

    // Under the names that Artillery's engine for WebSocket gives them, as far as it has any.
    void socket_opened(const Answer& answer);
    void message_sent(Instant now);
    /// `asked`: the answer to a message, and not one that was just waited for.
    void message_received(const Answer& answer, bool asked);
    /// A message came when nobody waited for one.
    void message_dropped(Instant now);

    void expectation(bool ok, std::string_view type, Instant now);
    void error(std::string_view code, Instant now);
    /// A call of the processor and how long it took, which is no part of any latency.
    void processor_call(Nanos took, Instant now);

    // What scripts report themselves.
    void counter(std::string_view name, double by, Instant now);
    void rate(std::string_view name, Instant now);
    void histogram(std::string_view name, double value, Instant now);

    const stats::MetricBook& book() const { return book_; }

  private:
    using Id = stats::MetricBook::Id;

    /// The metrics of one request step.
    struct Endpoint {
        std::string name;  ///< empty = not reported apart
        Id response_time = stats::MetricBook::kRefused;
        std::vector<std::pair<std::uint16_t, Id>> codes;
    };

    Id counter_id(std::string_view name) { return book_.intern(stats::MetricBook::Kind::kCounter, name); }
    Id histogram_id(std::string_view name) { return book_.intern(stats::MetricBook::Kind::kHistogram, name); }
    Id at(Metric metric) const { return ids_[static_cast<std::size_t>(metric)]; }
    /// Of 2 to 5.
    Id by_class(std::size_t status_class) const {
        return ids_[static_cast<std::size_t>(Metric::kResponseTime2xx) + status_class - 2];
    }
    Id code_id(std::uint16_t status);
    void record_time(Id histogram, Nanos time, const Answer& answer);
    void count_apdex(const Answer& answer);
    void record_endpoint(Endpoint& endpoint, const Answer& answer);

    const plan::ScenarioPlan& plan_;
    stats::MetricBook book_;
    Instant start_;
    std::array<Id, kMetricCount> ids_{};  ///< by Metric
    std::vector<Id> by_journey_;
    std::vector<std::pair<std::uint16_t, Id>> codes_;
    std::vector<Endpoint> endpoints_;
    std::string scratch_;
};

/// The name under which metrics-by-endpoint reports a request step; empty when it does not.
std::string endpoint_metric_name(const plan::EndpointMetrics& settings, const plan::RequestStep& step,
                                 std::string_view target);

/// The code that Node gives such an end ("ECONNREFUSED"), which Artillery counts errors by.
std::string_view node_error_code(Cause cause);

}  // namespace loadgen::steps
