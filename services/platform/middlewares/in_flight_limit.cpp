#include "services/platform/middlewares/in_flight_limit.hpp"

#include "services/platform/error_body.hpp"

namespace loadgen::services::platform {

std::optional<http::Response> InFlightLimit::on_request(Call& call) {
    if (++in_flight_ <= limit_) return std::nullopt;
    http::Response response = error_response(call, 503, "too many requests in flight");
    response.headers.push_back({"retry-after", "1"});
    return response;
}

void InFlightLimit::on_response(Call& /*call*/, http::Response& /*response*/) {
    --in_flight_;
}

}  // namespace loadgen::services::platform
