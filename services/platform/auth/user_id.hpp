// The id that stands for a user in tokens and events.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace loadgen::services::platform::auth {

/// SipHash-1-3 (Aumasson and Bernstein, 2012; one compression round, three at the end) with both keys 0.
std::uint64_t siphash13(std::string_view bytes);

/// The decimal hash of the upper-cased address and a byte 0xFF. A text without '@' is an id already and comes
/// back unchanged. No secret: anyone who knows the address knows the id. Only ASCII letters are upper-cased.
std::string user_id_of(std::string_view email);

}  // namespace loadgen::services::platform::auth
