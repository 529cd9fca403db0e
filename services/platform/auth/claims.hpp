// Who a token says the caller is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace loadgen::services::platform::auth {

enum class UserType : std::uint8_t { kStandard, kPremium, kAdmin };

/// "STANDARD", "PREMIUM", "ADMIN".
std::string_view user_type_name(UserType type);
/// Without regard to case.
std::optional<UserType> user_type_from_name(std::string_view name);

/// What a token carries. Times are whole seconds since 1970 (NumericDate of RFC 7519 section 2).
struct Claims {
    std::string sub;  ///< the user id: decimal text of a 64-bit hash, see user_id.hpp
    UserType user_type = UserType::kStandard;
    std::int64_t iat = 0;  ///< issued at
    std::int64_t exp = 0;  ///< expires at
    friend bool operator==(const Claims&, const Claims&) = default;
};

/// A request's caller, as the Authentication middleware found out.
struct Identity {
    enum class State : std::uint8_t {
        kUnchecked,  ///< the chain has no Authentication
        kAnonymous,  ///< no Authorization field
        kRefused,    ///< a field that proves nothing: `refusal` says why
        kKnown,      ///< `claims` are proven
    };
    State state = State::kUnchecked;
    Claims claims;
    std::string refusal;  ///< for the log; never holds any of the token
};

}  // namespace loadgen::services::platform::auth
