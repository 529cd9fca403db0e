// What a stored password hash would cost, before it is paid.
#pragma once

#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::services::platform::auth::detail {

/// kSyntax unless `phc` begins "$argon2id$v=19$m=<KiB>,t=<passes>,p=<lanes>$" with numbers that a service may
/// spend on a login: at most 256 MiB, 16 passes, 8 lanes. The rest is for libargon2 to check.
Result<void> check_phc(std::string_view phc);

}  // namespace loadgen::services::platform::auth::detail
