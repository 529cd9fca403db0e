// Lets pages of any origin call a service (Fetch standard, section 3.2).
#pragma once

#include <string>

#include "services/platform/middleware.hpp"

namespace loadgen::services::platform {

struct CorsOptions {
    std::string methods = "GET,POST,PUT,DELETE,OPTIONS";
    std::string headers = "Content-Type, Authorization";
    std::string exposed = "Location, Retry-After, X-Correlation-ID";  ///< answer fields that pages may read
    int max_age_seconds = 600;  ///< how long a preflight's answer may be kept
};

/// Adds Access-Control-Allow-Origin: * to every answer and answers preflights (OPTIONS with
/// Access-Control-Request-Method) with 204.
class Cors final : public Middleware {
  public:
    explicit Cors(CorsOptions options = {}) : options_(std::move(options)) {}
    std::optional<http::Response> on_request(Call& call) override;
    void on_response(Call& call, http::Response& response) override;

  private:
    const CorsOptions options_;
};

}  // namespace loadgen::services::platform
