// Base64 for URLs (RFC 4648 section 5) without padding, as tokens have it (RFC 7515 section 2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace loadgen::services::platform::auth::detail {

std::string to_base64url(std::string_view bytes);

/// Strict: no padding, no other characters, and the one canonical form only, so that no two texts mean the
/// same bytes.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace loadgen::services::platform::auth::detail
