// What a user is, who may become what, and which details are allowed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/platform/auth/claims.hpp"

namespace loadgen::services::users {

struct User {
    std::string id;     ///< the hash that stands for the user in tokens and events
    std::string email;  ///< as given
    std::string first_name;
    std::string last_name;
    std::string password_hash;  ///< PHC string; never leaves the service
    platform::auth::UserType type = platform::auth::UserType::kStandard;
    std::int64_t order_count = 0;
};

inline constexpr std::size_t kMinPasswordBytes = 7;
inline constexpr std::size_t kMaxPasswordBytes = 128;
inline constexpr std::int64_t kOrdersOfAStandardUser = 10;

/// 3 to 254 bytes with exactly one '@' that is neither first nor last.
bool is_email(std::string_view text);

/// The address as others see it: ASCII letters upper-cased.
std::string shown_id(std::string_view email);

/// What a user is after `order_count` completed orders. Administrators stay what they are.
platform::auth::UserType type_after_orders(platform::auth::UserType type, std::int64_t order_count);

}  // namespace loadgen::services::users
