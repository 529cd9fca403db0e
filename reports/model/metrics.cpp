#include "reports/model/metrics.hpp"

#include <algorithm>

namespace loadgen::reports {
namespace {

/// As Go's Duration.Seconds(): whole seconds and the rest apart, so that rates agree to the last digit.
double seconds(Nanos duration) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    return static_cast<double>(duration.count() / kSecond) +
           static_cast<double>(duration.count() % kSecond) / 1e9;
}

void record_phase(stats::Histogram& histogram, Nanos phase) {
    if (phase > Nanos(0)) histogram.record(phase);
}

void add_connection(ConnectionMetrics& connections, const runlog::RecordDetail& detail) {
    if (detail.ordinal == 1) ++connections.opened;
    if (detail.connection != 0) ++connections.exchanges;
    connections.max_ordinal = std::max(connections.max_ordinal, detail.ordinal);
    record_phase(connections.dns, detail.dns);
    record_phase(connections.connect, detail.connect);
    record_phase(connections.tls, detail.tls);
}

SlowRequest slow_request(const runlog::Record& record) {
    const runlog::RecordDetail& detail = *record.detail;
    return {.due = record.timestamp,
            .response_time = record.latency,
            .service_time = record.service_time(),
            .send_delay = detail.send_delay,
            .seq = record.seq,
            .code = record.code,
            .cause = detail.cause,
            .endpoint = detail.endpoint,
            .scenario = detail.scenario,
            .trace_id = detail.trace_id,
            .span_id = detail.span_id};
}

}  // namespace

void EndpointMetrics::merge(const EndpointMetrics& other) {
    requests += other.requests;
    successes += other.successes;
    bytes_in += other.bytes_in;
    response_time.merge(other.response_time);
    service_time.merge(other.service_time);
}

void ConnectionMetrics::merge(const ConnectionMetrics& other) {
    opened += other.opened;
    exchanges += other.exchanges;
    max_ordinal = std::max(max_ordinal, other.max_ordinal);
    dns.merge(other.dns);
    connect.merge(other.connect);
    tls.merge(other.tls);
}

void DetailMetrics::merge(const DetailMetrics& other) {
    service_time.merge(other.service_time);
    send_delay.merge(other.send_delay);
    wait.merge(other.wait);
    body.merge(other.body);
    for (std::size_t i = 0; i < causes.size(); ++i) causes[i] += other.causes[i];
    connections.merge(other.connections);
    slowest.merge(other.slowest);
    warm_up += other.warm_up;
}

void Metrics::add(const runlog::Record& record) {
    if (record.detail && !detail_) detail_.emplace();
    start_ = std::min(start_.value_or(record.timestamp), record.timestamp);
    if (record.detail && record.detail->warm_up) {
        ++detail_->warm_up;
        return;
    }
    ++requests_;
    ++status_codes_[record.code];
    bytes_in_ += record.bytes_in;
    bytes_out_ += record.bytes_out;
    if (record.success()) ++successes_;
    latencies_.record(record.latency);
    std::int64_t end = 0;
    if (__builtin_add_overflow(record.timestamp.unix_ns, record.latency.count(), &end)) {
        end = record.timestamp.unix_ns;
    }
    extend(record.timestamp, record.timestamp, WallTime{end});
    if (!record.error.empty()) add_error(record.error);
    if (record.detail) add_detail(record);
}

void Metrics::add(const Aggregate& aggregate) {
    requests_ += aggregate.latencies.count();
    successes_ += aggregate.successes;
    bytes_in_ += aggregate.bytes_in;
    bytes_out_ += aggregate.bytes_out;
    if (aggregate.latencies.count() > 0) extend(aggregate.earliest, aggregate.latest, aggregate.end);
    latencies_.merge(aggregate.latencies);
    for (const auto& [code, count] : aggregate.status_codes) status_codes_[code] += count;
    for (const std::string& error : aggregate.errors) add_error(error);
    errors_not_listed_ += aggregate.errors_not_listed;
    start_ = std::min(start_.value_or(aggregate.start), aggregate.start);
    add_detail(aggregate.detail);
}

void Metrics::extend(WallTime first, WallTime last, WallTime end) {
    earliest_ = std::min(earliest_.value_or(first), first);
    latest_ = std::max(latest_.value_or(last), last);
    end_ = std::max(end_.value_or(end), end);
}

void Metrics::add_error(const std::string& error) {
    if (known_errors_.contains(error)) return;
    if (errors_.size() == kMaxErrors || error.size() > kMaxErrorBytes) {
        ++errors_not_listed_;
        return;
    }
    known_errors_.insert(error);
    errors_.push_back(error);
}

void Metrics::add_detail(const runlog::Record& record) {
    const runlog::RecordDetail& detail = *record.detail;
    detail_->service_time.record(record.service_time());
    detail_->send_delay.record(detail.send_delay);
    record_phase(detail_->wait, detail.wait);
    record_phase(detail_->body, detail.body);
    ++detail_->causes[static_cast<std::size_t>(detail.cause)];
    add_connection(detail_->connections, detail);
    if (detail_->slowest.admits(record.latency)) detail_->slowest.add(record.latency, slow_request(record));
    EndpointMetrics& answers = endpoint(detail.endpoint);
    ++answers.requests;
    if (record.success()) ++answers.successes;
    answers.bytes_in += record.bytes_in;
    answers.response_time.record(record.latency);
    answers.service_time.record(record.service_time());
}

EndpointMetrics& Metrics::endpoint(const std::string& name) {
    auto& endpoints = detail_->endpoints;
    const auto found = endpoints.find(name);
    if (found != endpoints.end()) return found->second;
    return endpoints[endpoints.size() < kMaxEndpoints ? name : kOtherEndpoints];
}

void Metrics::merge(const Metrics& other) {
    requests_ += other.requests_;
    successes_ += other.successes_;
    bytes_in_ += other.bytes_in_;
    bytes_out_ += other.bytes_out_;
    if (other.start_) start_ = std::min(start_.value_or(*other.start_), *other.start_);
    if (other.earliest_) extend(*other.earliest_, *other.latest_, *other.end_);
    latencies_.merge(other.latencies_);
    for (const auto& [code, count] : other.status_codes_) status_codes_[code] += count;
    for (const std::string& error : other.errors_) add_error(error);
    errors_not_listed_ += other.errors_not_listed_;
    if (other.detail_) add_detail(*other.detail_);
}

void Metrics::add_detail(const DetailMetrics& detail) {
    if (!detail_) detail_.emplace();
    detail_->merge(detail);
    for (const auto& [name, answers] : detail.endpoints) endpoint(name).merge(answers);
}

Nanos Metrics::duration() const {
    return earliest_ ? Nanos(latest_->unix_ns - earliest_->unix_ns) : Nanos(0);
}

Nanos Metrics::wait() const {
    return end_ ? Nanos(end_->unix_ns - latest_->unix_ns) : Nanos(0);
}

double Metrics::rate() const {
    const double spread = seconds(duration());
    return static_cast<double>(requests_) / (spread > 0 ? spread : 1);
}

double Metrics::throughput() const {
    const bool spread = duration() > Nanos(0);
    return static_cast<double>(successes_) / (spread ? seconds(duration() + wait()) : 1);
}

Nanos Metrics::latency_mean() const {
    if (requests_ == 0) return Nanos(0);
    const double mean = static_cast<double>(latency_total().count()) / static_cast<double>(requests_);
    return Nanos(static_cast<std::int64_t>(mean));
}

double Metrics::per_request(std::uint64_t total) const {
    return requests_ == 0 ? 0 : static_cast<double>(total) / static_cast<double>(requests_);
}

}  // namespace loadgen::reports
