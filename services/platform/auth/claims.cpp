#include "services/platform/auth/claims.hpp"

#include <array>

#include "common/http/header.hpp"

namespace loadgen::services::platform::auth {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"STANDARD", "PREMIUM", "ADMIN"};

}  // namespace

std::string_view user_type_name(UserType type) {
    return kNames[static_cast<std::size_t>(type)];
}

std::optional<UserType> user_type_from_name(std::string_view name) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (http::equal_name(kNames[i], name)) return static_cast<UserType>(i);
    }
    return std::nullopt;
}

}  // namespace loadgen::services::platform::auth
