// Sends OTLP requests over HTTP (opentelemetry-proto, OTLP/HTTP with binary protobuf) and counts what became
// of them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "common/base/random.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/fetch/http_client.hpp"
#include "common/http/header.hpp"
#include "common/http/url.hpp"
#include "common/telemetry/logger.hpp"
#include "common/telemetry/recording_meter.hpp"

namespace loadgen::telemetry {

/// When to try again: connection errors, 429, 502, 503 and 504. What the receiver asks for with Retry-After
/// comes before the backoff, up to `max_retry_after`.
struct RetryOptions {
    int max_attempts = 5;
    Nanos first_delay =
        std::chrono::seconds(1);  ///< then half as much again each time, a fifth more or less by chance
    Nanos max_delay = std::chrono::seconds(5);
    Nanos max_retry_after = std::chrono::seconds(30);
};

struct OtlpOptions {
    std::string url;             ///< of the receiver, without "/v1/traces"
    http::Headers headers = {};  ///< added to each request
    bool gzip = false;
    Nanos request_timeout = std::chrono::seconds(10);
    RetryOptions retry = {};
};

enum class Signal : std::uint8_t { kTraces, kMetrics };

/// Sends one request at a time for each thread that calls, and keeps that thread until the request was taken
/// or given up. Thread-safe.
class OtlpExporter {
  public:
    /// The error names the URL. `meter` gets the exporter's own figures, `logger` (may be null) a line when
    /// exports begin to fail and when they work again; both outlive the exporter.
    static Result<std::unique_ptr<OtlpExporter>> create(OtlpOptions options, RecordingMeter& meter,
                                                        const Logger* logger);
    ~OtlpExporter();

    /// Sends `body` with `items` spans or data points in it. True when all were taken.
    bool send(Signal signal, std::string body, std::size_t items);

    /// From now on, exports that are not done within `time_left` are given up.
    void begin_shutdown(Nanos time_left);

  private:
    struct Outcome {
        std::string error_type;  ///< empty: taken
        std::string message;
        int status = 0;  ///< 0: no answer
        std::size_t rejected = 0;
        bool retry = false;
        std::optional<Nanos> retry_after = {};
    };
    struct SignalState {
        std::atomic<std::int64_t> in_flight{0};
        std::atomic<bool> failing{false};
    };

    OtlpExporter(OtlpOptions options, http::Url url, RecordingMeter& meter, const Logger* logger);
    void register_figures();
    Outcome export_with_retries(Signal signal, const std::string& body);
    Outcome try_once(Signal signal, const std::string& body);
    Outcome judge(const Result<fetch::FetchResponse>& result) const;
    Outcome judge_success(const fetch::FetchResponse& response) const;
    bool wait_before_retry(int attempt, const Outcome& outcome);
    Nanos time_left() const;
    void count(Signal signal, const Outcome& outcome, std::size_t items, Nanos duration);
    void log(Signal signal, const Outcome& outcome, std::size_t items);
    Attributes component(Signal signal) const;

    const OtlpOptions options_;
    const http::Url url_;
    RecordingMeter& meter_;
    const Logger* const logger_;
    SignalState states_[2];
    std::mutex mutex_;
    std::condition_variable wake_;
    bool shutting_down_ = false;  // guarded by mutex_, as the next
    Instant deadline_;
    Random random_;  // guarded by mutex_
    std::unique_ptr<fetch::HttpClient> client_;
};

}  // namespace loadgen::telemetry
