#include "services/runtime/http_peers.hpp"

#include "common/http/url.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr int kMaxAttempts = 4;
constexpr Nanos kFirstRetry = std::chrono::milliseconds(200);
constexpr Nanos kConnectTimeout = std::chrono::seconds(5);
constexpr Nanos kTotalTimeout = std::chrono::seconds(10);
constexpr int kServerErrors = 500;
constexpr int kClientErrors = 400;
constexpr std::string_view kNoAnswer = "connection";  // error.type

}  // namespace

struct HttpPeers::Question {
    std::string service;
    std::string path;
    telemetry::SpanContext parent;
    Answered answered;
    int attempt = 1;
    Instant started;
    std::string host;  // of the attempt under way
    std::int64_t port = 0;
};

void HttpPeers::get(std::string_view service, std::string_view path, const telemetry::SpanContext& parent,
                    Answered answered) {
    ask(std::make_shared<Question>(
        Question{std::string(service), std::string(path), parent, std::move(answered), 1, {}, {}}));
}

void HttpPeers::ask(std::shared_ptr<Question> question) {
    auto base = endpoints_.url_of(question->service);
    if (!base) return fail_or_retry(std::move(question), std::move(base).error());
    fetch::FetchRequest request;
    request.url = *base + question->path;
    request.connect_timeout = kConnectTimeout;
    request.total_timeout = kTotalTimeout;
    if (const auto url = http::parse_url(request.url)) {
        question->host = url->host;
        question->port = url->port;
    }
    // Shared, because the client's callback has to be copyable.
    auto span = std::make_shared<telemetry::Span>(
        tracer_.start({.name = "GET", .kind = telemetry::SpanKind::kClient, .parent = &question->parent}));
    if (span->recording()) {
        span->set("http.request.method", "GET");
        span->set("url.full", request.url);
        span->set("server.address", question->host);
        span->set("server.port", question->port);
        if (question->attempt > 1)
            span->set("http.request.resend_count", static_cast<std::int64_t>(question->attempt - 1));
    }
    telemetry::inject(span->context(), request.headers);
    question->started = clock_.now();
    client_.send(std::move(request), [this, question, span](Result<fetch::FetchResponse> response) {
        answered(question, *span, std::move(response));
    });
}

void HttpPeers::answered(const std::shared_ptr<Question>& question, telemetry::Span& span,
                         Result<fetch::FetchResponse> response) {
    record(*question, response ? response->status : 0);
    if (!response) {
        span.fail(kNoAnswer, response.error().message);
        span.end();
        endpoints_.forget(question->service);
        return fail_or_retry(question, std::move(response).error());
    }
    span.set("http.response.status_code", static_cast<std::int64_t>(response->status));
    if (response->status >= kClientErrors) {
        span.set("error.type", std::to_string(response->status));
        span.set_status(telemetry::SpanStatus::kError);
    }
    span.end();
    http::Response answer;
    answer.status = response->status;
    answer.headers = std::move(response->headers);
    answer.body = std::move(response->body);
    if (answer.status >= kServerErrors) return fail_or_retry(question, std::move(answer));
    question->answered(std::move(answer));
}

/// `status` is 0 when there was no answer.
void HttpPeers::record(const Question& question, int status) {
    telemetry::Attributes attributes = {{"http.request.method", std::string("GET")},
                                        {"server.address", question.host},
                                        {"server.port", question.port}};
    if (status != 0) attributes.push_back({"http.response.status_code", std::int64_t{status}});
    if (status == 0) attributes.push_back({"error.type", std::string(kNoAnswer)});
    if (status >= kClientErrors) attributes.push_back({"error.type", std::to_string(status)});
    meter_.durations("http.client.request.duration", std::move(attributes))
        .record(clock_.now() - question.started);
}

void HttpPeers::fail_or_retry(std::shared_ptr<Question> question, Result<http::Response> outcome) {
    if (question->attempt >= kMaxAttempts) return question->answered(std::move(outcome));
    const Nanos wait = kFirstRetry * (1 << (question->attempt - 1));
    ++question->attempt;
    background_.after(wait, [this, question = std::move(question)] { ask(question); });
}

}  // namespace loadgen::services::runtime
