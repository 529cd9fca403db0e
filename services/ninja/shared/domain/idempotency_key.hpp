// The value of an Idempotency-Key header field (draft-ietf-httpapi-idempotency-key-header).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::services::ninja {

inline constexpr std::size_t kMaxIdempotencyKey = 255;

/// The key: 1 to 255 visible ASCII characters, as a string of RFC 8941 section 3.3.3 ("..."), or bare as most
/// clients send it, then without quotes, commas and backslashes. Both forms of one key are the same key.
Result<std::string> parse_idempotency_key(std::string_view field);

}  // namespace loadgen::services::ninja
