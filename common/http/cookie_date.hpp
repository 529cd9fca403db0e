// The lenient date of cookies (RFC 6265 section 5.1.1): what servers have ever written into Expires.
#pragma once

#include <optional>
#include <string_view>

#include "common/base/time.hpp"

namespace loadgen::http {

/// None when day, month, year and time are not all there or name no instant. Instants beyond what WallTime
/// holds (years before 1678, after 2261) become its first or last.
std::optional<WallTime> parse_cookie_date(std::string_view text);

}  // namespace loadgen::http
