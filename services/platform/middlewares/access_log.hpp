// The access log in Common Log Format, as the W3C httpd wrote it, plus the request id and the duration.
#pragma once

#include "common/telemetry/log_sink.hpp"
#include "services/platform/middleware.hpp"

namespace loadgen::services::platform {

/// One line an answer: peer - - [dd/Mon/yyyy:hh:mm:ss +0000] "GET /path HTTP/1.1" status bytes "id"
/// duration_us Quotes, backslashes and unprintable bytes of the target are written as \xHH.
class AccessLog final : public Middleware {
  public:
    /// `sink` and `clock` must outlive it.
    AccessLog(telemetry::LogSink& sink, const Clock& clock) : sink_(sink), clock_(clock) {}
    void on_response(Call& call, http::Response& response) override;

  private:
    telemetry::LogSink& sink_;
    const Clock& clock_;
    std::string line_;  // kept for its memory
};

}  // namespace loadgen::services::platform
