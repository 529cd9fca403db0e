// Which versions of the app the services still talk to.
#pragma once

#include <string_view>

namespace loadgen::services::grocery {

inline constexpr std::string_view kMinimumAppVersion = "1.4";

/// True when the first two parts of `version` ("1.10.3") are at least those of `minimum`, compared as
/// numbers, the first part first: 2.0 is later than 1.5, and 1.10 later than 1.9. A version of fewer than two
/// parts, or with a part that is no number of at most nine digits, is not supported.
bool supports_app(std::string_view version, std::string_view minimum);

}  // namespace loadgen::services::grocery
