#include "services/platform/middlewares/request_log.hpp"

namespace loadgen::services::platform {
namespace {

constexpr int kFirstClientError = 400;
constexpr int kFirstServerError = 500;

telemetry::LogLevel level_of(int status) {
    if (status >= kFirstServerError) return telemetry::LogLevel::kError;
    return status >= kFirstClientError ? telemetry::LogLevel::kWarn : telemetry::LogLevel::kInfo;
}

}  // namespace

void RequestLog::on_response(Call& call, http::Response& response) {
    const telemetry::LogLevel level = level_of(response.status);
    if (!logger_.enabled(level)) return;
    const std::int64_t duration_us = nanos_since(call.started(), clock_.now()) / 1000;
    const http::Request& request = call.request();
    logger_.log(level, call.message.empty() ? "ok" : call.message,
                {{"requestId", call.id},
                 {"status", std::int64_t{response.status}},
                 {"method", request.method},
                 {"path", call.path()},
                 {"durationUs", duration_us},
                 {"error", call.error}});
}

}  // namespace loadgen::services::platform
