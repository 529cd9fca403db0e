// What version answers.
#pragma once

#include <string>

#include "services/platform/middleware.hpp"

namespace loadgen::services::platform {

/// X-Service-Version on every answer: which deployment it was.
class ServiceVersion final : public Middleware {
  public:
    explicit ServiceVersion(std::string version) : version_(std::move(version)) {}
    void on_response(Call& call, http::Response& response) override;

  private:
    const std::string version_;
};

/// X-API-Version: the request's when it is a version ("1.0"; up to 16 digits and dots), else "1.0".
class ApiVersion final : public Middleware {
  public:
    void on_response(Call& call, http::Response& response) override;
};

}  // namespace loadgen::services::platform
