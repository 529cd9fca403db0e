#include "common/telemetry/otlp_exporter.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/telemetry/detail/gzip.hpp"
#include "common/telemetry/otlp_response.hpp"

namespace loadgen::telemetry {
namespace {

using fetch::FetchRequest;
using fetch::FetchResponse;

constexpr std::size_t kMaxResponseBytes = 4 << 20;  // what OTLP lets a client read
constexpr std::size_t kMaxMessageBytes = 300;       // of a receiver's text, for the log
constexpr const char* kProtobuf = "application/x-protobuf";

struct SignalNames {
    const char* path;
    const char* component_type;
    const char* component_name;
    const char* exported;
    const char* in_flight;
    const char* unit;
    const char* what;
};

constexpr SignalNames kNames[] = {
    {"/v1/traces", "otlp_http_span_exporter", "otlp_http_span_exporter/0", "otel.sdk.exporter.span.exported",
     "otel.sdk.exporter.span.inflight", "{span}", "spans"},
    {"/v1/metrics", "otlp_http_metric_exporter", "otlp_http_metric_exporter/0",
     "otel.sdk.exporter.metric_data_point.exported", "otel.sdk.exporter.metric_data_point.inflight",
     "{data_point}", "metrics"},
};

const SignalNames& names(Signal signal) {
    return kNames[static_cast<std::size_t>(signal)];
}

std::string_view header_value(const FetchResponse& response, std::string_view name) {
    const http::Header* header = http::find_header(response.headers, name);
    return header == nullptr ? std::string_view() : std::string_view(header->value);
}

bool retryable(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

Result<std::unique_ptr<OtlpExporter>> OtlpExporter::create(OtlpOptions options, RecordingMeter& meter,
                                                           const Logger* logger) {
    auto url = http::parse_url(options.url);
    if (!url) return with_context("telemetry: ", std::move(url).error());
    if (url->path_and_query.find('?') != std::string::npos) {
        return Error{ErrorCode::kUsage,
                     "telemetry: bad URL \"" + options.url +
                         "\": the paths of the signals are added to it, so it can't have a query"};
    }
    while (url->path_and_query.ends_with('/')) url->path_and_query.pop_back();
    return std::unique_ptr<OtlpExporter>(
        new OtlpExporter(std::move(options), std::move(*url), meter, logger));
}

OtlpExporter::OtlpExporter(OtlpOptions options, http::Url url, RecordingMeter& meter, const Logger* logger)
    : options_(std::move(options)),
      url_(std::move(url)),
      meter_(meter),
      logger_(logger),
      random_(entropy_seed()),
      client_(std::make_unique<fetch::HttpClient>()) {
    register_figures();
}

OtlpExporter::~OtlpExporter() = default;

void OtlpExporter::register_figures() {
    for (const Signal signal : {Signal::kTraces, Signal::kMetrics}) {
        const SignalState& state = states_[static_cast<std::size_t>(signal)];
        meter_.up_down_counter(
            names(signal).in_flight, names(signal).unit,
            [&state] { return static_cast<double>(state.in_flight.load(std::memory_order_relaxed)); },
            component(signal));
        meter_.counter(names(signal).exported, names(signal).unit, component(signal));
    }
}

Attributes OtlpExporter::component(Signal signal) const {
    return {{"otel.component.type", names(signal).component_type},
            {"otel.component.name", names(signal).component_name},
            {"server.address", url_.host},
            {"server.port", std::int64_t{url_.port}}};
}

bool OtlpExporter::send(Signal signal, std::string body, std::size_t items) {
    SignalState& state = states_[static_cast<std::size_t>(signal)];
    state.in_flight += static_cast<std::int64_t>(items);
    const Instant start = system_clock().now();
    if (options_.gzip) body = detail::gzip(body);
    const Outcome outcome = export_with_retries(signal, body);
    state.in_flight -= static_cast<std::int64_t>(items);
    count(signal, outcome, items, system_clock().now() - start);
    log(signal, outcome, items);
    return outcome.error_type.empty() && outcome.rejected == 0;
}

OtlpExporter::Outcome OtlpExporter::export_with_retries(Signal signal, const std::string& body) {
    for (int attempt = 1;; ++attempt) {
        Outcome outcome = try_once(signal, body);
        if (!outcome.retry || attempt >= options_.retry.max_attempts ||
            !wait_before_retry(attempt, outcome)) {
            return outcome;
        }
    }
}

Nanos OtlpExporter::time_left() const {
    return shutting_down_ ? deadline_ - system_clock().now() : Nanos::max();
}

OtlpExporter::Outcome OtlpExporter::try_once(Signal signal, const std::string& body) {
    FetchRequest request;
    request.method = "POST";
    request.url = url_.text() + names(signal).path;
    request.headers = options_.headers;
    request.headers.push_back({"Content-Type", kProtobuf});
    if (options_.gzip) request.headers.push_back({"Content-Encoding", "gzip"});
    request.body = body;
    request.total_timeout = options_.request_timeout;
    request.connect_timeout = options_.request_timeout;
    request.max_response_bytes = kMaxResponseBytes;
    // Shared, because a request may be given up before it is answered. Guarded by mutex_.
    const auto answer = std::make_shared<std::optional<Result<FetchResponse>>>();
    client_->send(std::move(request), [this, answer](Result<FetchResponse> result) {
        const std::lock_guard lock(mutex_);
        *answer = std::move(result);
        wake_.notify_all();
    });
    std::unique_lock lock(mutex_);
    while (!*answer) {
        const Nanos left = time_left();
        if (left <= Nanos(0)) return {"shutdown", "given up, the process ends"};
        if (left == Nanos::max()) {
            wake_.wait(lock);
        } else {
            wake_.wait_for(lock, left);
        }
    }
    const Result<FetchResponse> result = std::move(**answer);
    lock.unlock();
    return judge(result);
}

OtlpExporter::Outcome OtlpExporter::judge(const Result<FetchResponse>& result) const {
    if (!result) {
        const bool connection = result.error().code == ErrorCode::kIo;
        return {connection ? "connection" : "response", result.error().message, 0, 0, connection};
    }
    if (result->status >= 200 && result->status < 300) return judge_success(*result);
    Outcome outcome{std::to_string(result->status), "the receiver answers " + std::to_string(result->status),
                    result->status};
    outcome.retry = retryable(result->status);
    if (outcome.retry) {
        outcome.retry_after =
            read_retry_after(header_value(*result, "retry-after"), system_clock().wall_now());
    }
    return outcome;
}

OtlpExporter::Outcome OtlpExporter::judge_success(const FetchResponse& response) const {
    Outcome outcome;
    outcome.status = response.status;
    // A receiver that answers in another format has taken the request all the same.
    if (!header_value(response, "content-type").starts_with(kProtobuf)) return outcome;
    const auto partial = read_export_response(response.body);
    if (!partial) return outcome;
    outcome.rejected = static_cast<std::size_t>(std::max<std::int64_t>(partial->rejected, 0));
    outcome.message = partial->message.substr(0, kMaxMessageBytes);
    return outcome;
}

bool OtlpExporter::wait_before_retry(int attempt, const Outcome& outcome) {
    std::unique_lock lock(mutex_);
    const RetryOptions& retry = options_.retry;
    const double backoff = static_cast<double>(retry.first_delay.count()) * std::pow(1.5, attempt - 1);
    const double limited = std::min(backoff, static_cast<double>(retry.max_delay.count()));
    const double jittered = limited * (0.8 + 0.4 * random_.uniform());
    Nanos delay(static_cast<std::int64_t>(jittered));
    if (outcome.retry_after) delay = std::min(*outcome.retry_after, retry.max_retry_after);
    const Instant until = system_clock().now() + delay;
    for (;;) {
        const Nanos left = until - system_clock().now();
        if (left <= Nanos(0)) return time_left() > Nanos(0);
        // A retry that would begin after the deadline is not worth waiting for.
        if (left >= time_left()) return false;
        wake_.wait_for(lock, left);
    }
}

void OtlpExporter::begin_shutdown(Nanos time_left) {
    {
        const std::lock_guard lock(mutex_);
        shutting_down_ = true;
        deadline_ = system_clock().now() + time_left;
    }
    wake_.notify_all();
}

void OtlpExporter::count(Signal signal, const Outcome& outcome, std::size_t items, Nanos duration) {
    const SignalNames& name = names(signal);
    const auto exported = [&](std::size_t amount, const std::string& error_type) {
        if (amount == 0) return;
        Attributes attributes = component(signal);
        if (!error_type.empty()) attributes.push_back({"error.type", error_type});
        meter_.counter(name.exported, name.unit, std::move(attributes)).add(amount);
    };
    const std::size_t rejected = std::min(outcome.rejected, items);
    if (outcome.error_type.empty()) {
        exported(items - rejected, "");
        exported(rejected, "rejected");
    } else {
        exported(items, outcome.error_type);
    }
    Attributes attributes = component(signal);
    if (outcome.status != 0)
        attributes.push_back({"http.response.status_code", std::int64_t{outcome.status}});
    const std::string error_type = rejected > 0 ? "rejected" : outcome.error_type;
    if (!error_type.empty()) attributes.push_back({"error.type", error_type});
    meter_.durations("otel.sdk.exporter.operation.duration", std::move(attributes)).record(duration);
}

void OtlpExporter::log(Signal signal, const Outcome& outcome, std::size_t items) {
    const bool failed = !outcome.error_type.empty() || outcome.rejected > 0;
    const bool failed_before = states_[static_cast<std::size_t>(signal)].failing.exchange(failed);
    if (logger_ == nullptr || failed == failed_before) return;
    if (!failed)
        return logger_->log(LogLevel::kInfo, "telemetry is exported again", {{"signal", names(signal).what}});
    logger_->log(LogLevel::kWarn, "telemetry is lost",
                 {{"signal", names(signal).what},
                  {"items", static_cast<std::int64_t>(items)},
                  {"reason", outcome.message}});
}

}  // namespace loadgen::telemetry
