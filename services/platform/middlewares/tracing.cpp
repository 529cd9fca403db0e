#include "services/platform/middlewares/tracing.hpp"

#include <array>
#include <charconv>

namespace loadgen::services::platform {
namespace {

constexpr int kFirstServerError = 500;
constexpr std::string_view kOther = "_OTHER";

/// The method, or "_OTHER": names of spans and metrics must not be for clients to invent.
std::string_view known_method(std::string_view method) {
    constexpr std::array<std::string_view, 9> kKnown = {"GET",     "HEAD",  "POST",  "PUT",    "DELETE",
                                                        "CONNECT", "PATCH", "TRACE", "OPTIONS"};
    for (const std::string_view known : kKnown) {
        if (known == method) return known;
    }
    return kOther;
}

bool is_health(const Call& call) {
    return call.path().starts_with("/health");
}

/// "host:port", "[::1]:port" or "host".
void set_server(telemetry::Span& span, std::string_view authority) {
    const auto colon = authority.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
    std::string_view host = authority.substr(0, has_port ? colon : authority.size());
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (!host.empty()) span.set("server.address", host);
    std::int64_t port = 0;
    if (!has_port) return;
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (failed == std::errc() && end == digits.data() + digits.size()) span.set("server.port", port);
}

void describe_request(telemetry::Span& span, const Call& call, std::string_view method) {
    const http::Request& request = call.request();
    span.set("http.request.method", method);
    if (method == kOther) span.set("http.request.method_original", std::string_view(request.method));
    span.set("url.path", call.path());
    if (!call.query().empty()) span.set("url.query", call.query());
    span.set("url.scheme", request.scheme.empty() ? std::string_view("http") : request.scheme);
    set_server(span, request.authority);
    span.set("client.address", call.peer);
    const http::Header* agent = http::find_header(request.headers, "user-agent");
    if (agent != nullptr) span.set("user_agent.original", std::string_view(agent->value));
}

std::string_view span_method(std::string_view method) {
    return method == kOther ? std::string_view("HTTP") : method;
}

}  // namespace

std::optional<http::Response> Tracing::on_request(Call& call) {
    if (is_health(call)) return std::nullopt;
    const auto parent = telemetry::extract(call.request().headers);
    const std::string_view method = known_method(call.request().method);
    call.span = tracer_.start({.name = span_method(method),
                               .kind = telemetry::SpanKind::kServer,
                               .parent = parent ? &*parent : nullptr});
    if (call.span.recording()) describe_request(call.span, call, method);
    return std::nullopt;
}

void Tracing::on_response(Call& call, http::Response& response) {
    if (is_health(call)) return;
    const std::string_view method = known_method(call.request().method);
    record(call, method, response.status);
    if (call.span.recording()) {
        if (!call.route().empty()) {
            call.span.rename(std::string(span_method(method)) + ' ' + std::string(call.route()));
            call.span.set("http.route", call.route());
        }
        call.span.set("http.response.status_code", std::int64_t{response.status});
        // The client's mistakes are no errors of the server (HTTP spans, "Status").
        if (response.status >= kFirstServerError) {
            call.span.set("error.type", std::string_view(std::to_string(response.status)));
            call.span.set_status(telemetry::SpanStatus::kError);
        }
    }
    call.span.end();
}

void Tracing::record(const Call& call, std::string_view method, int status) {
    auto known = durations_.find(std::make_tuple(method, call.route(), status));
    if (known == durations_.end()) {
        telemetry::Attributes attributes = {{"http.request.method", std::string(method)},
                                            {"url.scheme", std::string("http")},
                                            {"http.response.status_code", std::int64_t{status}}};
        if (!call.route().empty()) attributes.push_back({"http.route", std::string(call.route())});
        if (status >= kFirstServerError) attributes.push_back({"error.type", std::to_string(status)});
        auto& durations = meter_.durations("http.server.request.duration", std::move(attributes));
        known = durations_.emplace(Key{method, call.route(), status}, &durations).first;
    }
    known->second->record(clock_.now() - call.started());
}

}  // namespace loadgen::services::platform
