#include "services/grocery/shared/http/callers.hpp"

#include "services/platform/auth/guard.hpp"
#include "services/platform/error_body.hpp"

namespace loadgen::services::grocery {
namespace {

constexpr int kForbidden = 403;

}  // namespace

std::optional<std::string> require_caller(platform::Call& call) {
    auto claims = platform::auth::require_user(call);
    if (!claims) return std::nullopt;
    return std::move(claims->sub);
}

std::optional<std::string> require_own(platform::Call& call) {
    auto caller = require_caller(call);
    if (!caller || *caller == call.parameter("user_id")) return caller;
    call.answer(platform::error_response(call, kForbidden, "only your own user"));
    return std::nullopt;
}

std::string caller_if_known(const platform::Call& call) {
    const bool known = call.identity.state == platform::auth::Identity::State::kKnown;
    return known ? call.identity.claims.sub : std::string();
}

}  // namespace loadgen::services::grocery
