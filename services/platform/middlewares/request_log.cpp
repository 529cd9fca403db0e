#include "services/platform/middlewares/request_log.hpp"

namespace loadgen::services::platform {
namespace {

constexpr int kFirstServerError = 500;

telemetry::LogLevel level_of(int status) {
    return status >= kFirstServerError ? telemetry::LogLevel::kError : telemetry::LogLevel::kInfo;
}

}  // namespace

void RequestLog::on_response(Call& call, http::Response& response) {
    const telemetry::LogLevel level = level_of(response.status);
    if (!logger_.enabled(level)) return;
    const std::int64_t duration_us = nanos_since(call.started(), clock_.now()) / 1000;
    const http::Request& request = call.request();
    const std::string_view message = call.message.empty() ? std::string_view("ok") : call.message;
    const telemetry::LogField id{"requestId", call.id};
    const telemetry::LogField status{"status", std::int64_t{response.status}};
    const telemetry::LogField method{"method", request.method};
    const telemetry::LogField path{"path", call.path()};
    const telemetry::LogField duration{"durationUs", duration_us};
    const telemetry::LogField error{"error", call.error};
    const telemetry::LogField correlation{"correlationId", call.correlation_id};
    // Requests without a span, those to /health, have a line without a trace.
    logger_.log(call.span.context(), level, message,
                {id, correlation, status, method, path, duration, error});
}

}  // namespace loadgen::services::platform
