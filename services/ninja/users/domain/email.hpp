// Which e-mail addresses are taken.
#pragma once

#include <cstddef>
#include <string_view>

namespace loadgen::services::ninja::users {

inline constexpr std::size_t kMaxEmail = 254;  // RFC 5321 section 4.5.3.1.3, less the brackets

/// A dot-atom (RFC 5322 section 3.2.3) of at most 64 characters, '@', and a host name of at least two labels
/// (RFC 1123 section 2.1) whose last is no number. Neither quoted local parts nor address literals nor
/// anything but ASCII.
bool is_email(std::string_view text);

}  // namespace loadgen::services::ninja::users
