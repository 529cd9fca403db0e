#include "services/platform/middlewares/authentication.hpp"

namespace loadgen::services::platform {

std::optional<http::Response> Authentication::on_request(Call& call) {
    using State = auth::Identity::State;
    const auto token = auth::bearer_token(call.request().headers);
    if (!token) {
        call.identity.state = State::kRefused;
        call.identity.refusal = token.error().message;
        return std::nullopt;
    }
    if (!*token) {
        call.identity.state = State::kAnonymous;
        return std::nullopt;
    }
    auto claims = key_.verify(**token, clock_.wall_now());
    if (claims) {
        call.identity.state = State::kKnown;
        call.identity.claims = std::move(*claims);
    } else {
        call.identity.state = State::kRefused;
        call.identity.refusal = claims.error().message;
    }
    return std::nullopt;
}

}  // namespace loadgen::services::platform
