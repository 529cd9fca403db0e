// Who may do what, in the words of the grocery services.
#pragma once

#include <optional>
#include <string>

#include "services/platform/call.hpp"

namespace loadgen::services::grocery {

/// The caller's user id, or none when `call` has been answered: 401.
std::optional<std::string> require_caller(platform::Call& call);
/// The caller's user id when the path's user_id is theirs, or none when `call` has been answered: 401 or 403.
std::optional<std::string> require_own(platform::Call& call);
/// The caller of a route that is open to all; empty when nobody is known.
std::string caller_if_known(const platform::Call& call);

}  // namespace loadgen::services::grocery
