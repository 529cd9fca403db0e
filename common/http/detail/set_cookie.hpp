// The parts of a Set-Cookie field (RFC 6265 section 5.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/time.hpp"

namespace loadgen::http::detail {

/// Views into the field's value. Where an attribute comes more than once, the last one counts.
struct SetCookie {
    std::string_view name;
    std::string_view value;
    std::string_view domain;  ///< without its leading dot, case as written; empty when there is none
    std::optional<std::string_view> path;   ///< none without the attribute, empty for one without a '/'
    std::optional<std::int64_t> max_age_s;  ///< 0 for every negative number
    std::optional<WallTime> expires;
    bool secure = false;
};

/// None when there is no name, no '=' or a control character other than a tab.
std::optional<SetCookie> parse_set_cookie(std::string_view text);

}  // namespace loadgen::http::detail
