#include "services/platform/auth/guard.hpp"

#include <algorithm>

#include "services/platform/error_body.hpp"

namespace loadgen::services::platform::auth {
namespace {

constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;

void answer_unauthorized(Call& call, std::string_view challenge, std::string_view message) {
    http::Response response = error_response(call, kUnauthorized, message);
    response.headers.push_back({"www-authenticate", std::string(challenge)});
    call.answer(std::move(response));
}

}  // namespace

std::optional<Claims> require_user(Call& call, std::initializer_list<UserType> allowed) {
    switch (call.identity.state) {
        case Identity::State::kUnchecked:
            call.error = "the chain has no Authentication";
            [[fallthrough]];
        case Identity::State::kAnonymous:
            // RFC 6750 section 3.1: who sent no token is told no error code.
            answer_unauthorized(call, "Bearer realm=\"loadgen\"", "a bearer token is required");
            return std::nullopt;
        case Identity::State::kRefused:
            call.error = call.identity.refusal;
            answer_unauthorized(call, "Bearer realm=\"loadgen\", error=\"invalid_token\"",
                                "the bearer token is not valid");
            return std::nullopt;
        case Identity::State::kKnown:
            break;
    }
    const UserType type = call.identity.claims.user_type;
    if (allowed.size() > 0 && std::find(allowed.begin(), allowed.end(), type) == allowed.end()) {
        call.answer(error_response(call, kForbidden, "this is not allowed for this user"));
        return std::nullopt;
    }
    return call.identity.claims;
}

}  // namespace loadgen::services::platform::auth
