// Who can be greeted.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::services::birthday {

inline constexpr std::size_t kMinUsernameLetters = 2;
inline constexpr std::size_t kMaxUsernameLetters = 12;

/// The lower-cased name when `text` is 2 to 12 ASCII letters; otherwise kUsage with the sentence for the
/// caller.
Result<std::string> parse_username(std::string_view text);

}  // namespace loadgen::services::birthday
