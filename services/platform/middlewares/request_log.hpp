// One structured line a request: error for our faults (5xx); info for all else, for what is not found, not
// allowed or wrong is an answer that the contract knows.
#pragma once

#include "common/telemetry/logger.hpp"
#include "services/platform/middleware.hpp"

namespace loadgen::services::platform {

class RequestLog final : public Middleware {
  public:
    /// `logger` and `clock` must outlive it.
    RequestLog(const telemetry::Logger& logger, const Clock& clock) : logger_(logger), clock_(clock) {}
    void on_response(Call& call, http::Response& response) override;

  private:
    const telemetry::Logger& logger_;
    const Clock& clock_;
};

}  // namespace loadgen::services::platform
