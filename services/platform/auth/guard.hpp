// Lets only the right callers into a handler.
#pragma once

#include <initializer_list>
#include <optional>

#include "services/platform/auth/claims.hpp"
#include "services/platform/call.hpp"

namespace loadgen::services::platform::auth {

/// Who calls, or none when `call` has been answered: 401 with WWW-Authenticate (RFC 6750 section 3) without a
/// valid token, 403 for a user of a type that is not in `allowed`; an empty list allows every type. Needs the
/// Authentication middleware in the chain; without it everybody is refused, and the log says why.
std::optional<Claims> require_user(Call& call, std::initializer_list<UserType> allowed = {});

}  // namespace loadgen::services::platform::auth
