#include "loadgen/steps/meter.hpp"

#include <algorithm>
#include <cmath>

namespace loadgen::steps {
namespace {

constexpr Nanos kMillisecond{1'000'000};

std::string_view without_query(std::string_view url) {
    return url.substr(0, url.find('?'));
}

/// What follows the authority of `url`; all of it when it is a path already.
std::string_view path_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return url;
    const auto path = url.find('/', scheme + 3);
    return path == std::string_view::npos ? "/" : url.substr(path);
}

std::string_view authority_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    const auto begin = scheme + 3;
    return url.substr(begin, url.find('/', begin) - begin);
}

}  // namespace

std::string endpoint_metric_name(const plan::EndpointMetrics& settings, const plan::RequestStep& step,
                                 std::string_view target) {
    if (!settings.enabled) return {};
    if (!step.named && settings.ignore_unnamed) return {};
    const std::string name = step.name.is_constant() ? step.name.constant() : step.name_text;
    if (step.named && settings.only_names) return name;
    std::string_view url = step.url_text;
    if (settings.strip_query) url = without_query(url);
    std::string base;
    const std::string_view authority = authority_of(url);
    if (!authority.empty() && authority != authority_of(target)) base = authority;
    base += path_of(url);
    return step.named ? base + " (" + name + ")" : base;
}

std::string_view node_error_code(Cause cause) {
    switch (cause) {
        case Cause::kRefused:
            return "ECONNREFUSED";
        case Cause::kConnectTimeout:
        case Cause::kTimeout:
            return "ETIMEDOUT";
        case Cause::kUnreachable:
            return "EHOSTUNREACH";
        case Cause::kDns:
            return "ENOTFOUND";
        case Cause::kTls:
            return "EPROTO";
        case Cause::kResetIdle:
        case Cause::kResetInflight:
        case Cause::kGoawayLost:
        case Cause::kH2Retryable:
        case Cause::kTruncated:
            return "ECONNRESET";
        case Cause::kProtocol:
            return "HPE_INVALID_RESPONSE";
        case Cause::kPorts:
            return "EADDRNOTAVAIL";
        case Cause::kDescriptors:
            return "EMFILE";
        default:
            return cause_name(cause);
    }
}

Meter::Meter(const plan::ScenarioPlan& plan) : plan_(plan), book_(plan.stats_interval) {
    for (std::size_t index = 0; index < kMetricCount; ++index) {
        ids_[index] = book_.intern(metric_names()[index].kind, metric_names()[index].name);
    }
    for (const plan::Journey& journey : plan.journeys) {
        by_journey_.push_back(counter_id(std::string(kCreatedByName) + journey.name));
    }
    for (const plan::RequestStep& step : plan.program.requests) {
        Endpoint endpoint{endpoint_metric_name(plan.endpoint_metrics, step, plan.target), {}, {}};
        if (!endpoint.name.empty()) {
            endpoint.response_time =
                histogram_id(plan.endpoint_metrics.prefix + ".response_time." + endpoint.name);
        }
        endpoints_.push_back(std::move(endpoint));
    }
}

void Meter::user_created(const plan::Journey& journey, Instant now) {
    book_.count(at(Metric::kUsersCreated), 1, now - start_);
    const auto index = static_cast<std::size_t>(&journey - plan_.journeys.data());
    if (index < by_journey_.size()) book_.count(by_journey_[index], 1, now - start_);
}

void Meter::user_completed(Nanos session, bool warm_up, Instant now) {
    book_.count(at(Metric::kUsersCompleted), 1, now - start_);
    book_.count(at(Metric::kUsersFailed), 0, now - start_);
    if (!warm_up) book_.record(at(Metric::kSessionLength), session, now - start_);
}

void Meter::user_interrupted(Instant now) {
    book_.count(at(Metric::kUsersInterrupted), 1, now - start_);
}

void Meter::request_sent(Instant now) {
    book_.count(at(Metric::kRequests), 1, now - start_);
    book_.rate(at(Metric::kRequestRate), now - start_);
}

Meter::Id Meter::code_id(std::uint16_t status) {
    for (const auto& [known, id] : codes_) {
        if (known == status) return id;
    }
    codes_.emplace_back(status, counter_id(std::string(kCodes) + std::to_string(status)));
    return codes_.back().second;
}

void Meter::record_time(Id histogram, Nanos time, const Answer& answer) {
    if (!answer.warm_up) book_.record(histogram, time, answer.done - start_);
}

void Meter::answered(std::uint32_t request, const Answer& answer) {
    const Nanos offset = answer.done - start_;
    const Nanos response = answer.done - answer.due;
    const Nanos service = answer.done - answer.sent;
    book_.count(code_id(answer.status), 1, offset);
    book_.count(at(Metric::kResponses), 1, offset);
    book_.count(at(Metric::kDownloadedBytes), answer.bytes_in, offset);
    record_time(at(Metric::kResponseTime), response, answer);
    record_time(at(Metric::kServiceTime), service, answer);
    record_time(at(Metric::kSendDelay), answer.sent - answer.due, answer);
    record_time(at(Metric::kFirstByte), answer.first_byte - answer.sent, answer);
    const std::size_t status_class = answer.status / 100U;
    if (status_class >= 2 && status_class <= 5) record_time(by_class(status_class), response, answer);
    if (plan_.http.extended_metrics) {
        record_time(at(Metric::kDns), answer.dns, answer);
        record_time(at(Metric::kTcp), answer.connect, answer);
        record_time(at(Metric::kTls), answer.tls, answer);
        record_time(at(Metric::kTotal), service, answer);
    }
    if (plan_.apdex_threshold && !answer.warm_up) count_apdex(answer);
    if (request < endpoints_.size()) record_endpoint(endpoints_[request], answer);
}

void Meter::event(bool counts, Instant now) {
    book_.count(at(counts ? Metric::kEvents : Metric::kEventsPassedOver), 1, now - start_);
}

void Meter::stream_ended(const Answer& answer) {
    const Nanos offset = answer.done - start_;
    book_.count(code_id(answer.status), 1, offset);
    book_.count(at(Metric::kResponses), 1, offset);
    book_.count(at(Metric::kDownloadedBytes), answer.bytes_in, offset);
    record_time(at(Metric::kStreamTime), answer.done - answer.due, answer);
}

void Meter::socket_opened(const Answer& answer) {
    book_.count(at(Metric::kSocketConnections), 1, answer.done - start_);
    record_time(at(Metric::kSocketConnectTime), answer.done - answer.due, answer);
}

void Meter::message_sent(Instant now) {
    book_.count(at(Metric::kMessagesSent), 1, now - start_);
    book_.rate(at(Metric::kSendRate), now - start_);
}

void Meter::message_received(const Answer& answer, bool asked) {
    const Nanos offset = answer.done - start_;
    book_.count(at(Metric::kMessagesReceived), 1, offset);
    book_.rate(at(Metric::kReceiveRate), offset);
    if (!asked) return record_time(at(Metric::kMessageWaitTime), answer.done - answer.due, answer);
    record_time(at(Metric::kMessageResponseTime), answer.done - answer.due, answer);
    record_time(at(Metric::kMessageServiceTime), answer.done - answer.sent, answer);
    record_time(at(Metric::kMessageSendDelay), answer.sent - answer.due, answer);
}

void Meter::message_dropped(Instant now) {
    book_.count(at(Metric::kMessagesDropped), 1, now - start_);
}

void Meter::count_apdex(const Answer& answer) {
    const Nanos response = answer.done - answer.due;
    const Nanos threshold = *plan_.apdex_threshold;
    const Metric verdict = response <= threshold       ? Metric::kApdexSatisfied
                           : response <= 4 * threshold ? Metric::kApdexTolerated
                                                       : Metric::kApdexFrustrated;
    book_.count(at(verdict), 1, answer.done - start_);
}

void Meter::record_endpoint(Endpoint& endpoint, const Answer& answer) {
    if (endpoint.name.empty()) return;
    const std::uint16_t status = answer.status;
    record_time(endpoint.response_time, answer.done - answer.due, answer);
    auto known = std::find_if(endpoint.codes.begin(), endpoint.codes.end(),
                              [status](const auto& code) { return code.first == status; });
    if (known == endpoint.codes.end()) {
        const Id id = counter_id(plan_.endpoint_metrics.prefix + "." + endpoint.name + ".codes." +
                                 std::to_string(status));
        known = endpoint.codes.insert(known, {status, id});
    }
    book_.count(known->second, 1, answer.done - start_);
}

void Meter::request_failed(std::uint32_t request, std::string_view code, Instant now) {
    if (request >= endpoints_.size() || endpoints_[request].name.empty()) return;
    scratch_.assign(plan_.endpoint_metrics.prefix).append(".").append(endpoints_[request].name);
    scratch_.append(".errors.").append(code);
    book_.count(counter_id(scratch_), 1, now - start_);
}

void Meter::expectation(bool ok, std::string_view type, Instant now) {
    const Metric metric = ok ? Metric::kExpectOk : Metric::kExpectFailed;
    book_.count(at(metric), 1, now - start_);
    scratch_.assign(name_of(metric).name).append(".").append(type);
    book_.count(counter_id(scratch_), 1, now - start_);
}

void Meter::error(std::string_view code, Instant now) {
    scratch_.assign(kErrors).append(code);
    book_.count(counter_id(scratch_), 1, now - start_);
}

void Meter::processor_call(Nanos took, Instant now) {
    book_.count(at(Metric::kProcessorCalls), 1, now - start_);
    book_.record(at(Metric::kProcessorTime), took, now - start_);
}

void Meter::counter(std::string_view name, double by, Instant now) {
    if (!(by >= 0)) return;
    book_.count(counter_id(name), static_cast<std::uint64_t>(std::llround(by)), now - start_);
}

void Meter::rate(std::string_view name, Instant now) {
    book_.rate(book_.intern(stats::MetricBook::Kind::kRate, name), now - start_);
}

void Meter::histogram(std::string_view name, double value, Instant now) {
    if (!std::isfinite(value)) return;
    const Nanos milliseconds(std::llround(value * static_cast<double>(kMillisecond.count())));
    book_.record(histogram_id(name), milliseconds, now - start_);
}

}  // namespace loadgen::steps
