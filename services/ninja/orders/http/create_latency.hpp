// Tells the alarm how long each create took.
#pragma once

#include "services/ninja/orders/events/delay_watch.hpp"
#include "services/platform/middleware.hpp"

namespace loadgen::services::ninja::orders {

inline constexpr std::string_view kOrdersPath = "/api/orders";

/// Measures from the request's arrival to its answer, whatever the answer is. The watch outlives it.
class CreateLatency final : public platform::Middleware {
  public:
    CreateLatency(DelayWatch& watch, const Clock& clock) : watch_(watch), clock_(clock) {}
    void on_response(platform::Call& call, http::Response& response) override;

  private:
    DelayWatch& watch_;
    const Clock& clock_;
};

}  // namespace loadgen::services::ninja::orders
