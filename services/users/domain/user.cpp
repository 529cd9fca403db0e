#include "services/users/domain/user.hpp"

#include <algorithm>

namespace loadgen::services::users {
namespace {

constexpr std::size_t kMinEmail = 3;
constexpr std::size_t kMaxEmail = 254;  // RFC 5321 section 4.5.3.1.3, less the brackets

}  // namespace

bool is_email(std::string_view text) {
    if (text.size() < kMinEmail || text.size() > kMaxEmail) return false;
    if (std::count(text.begin(), text.end(), '@') != 1) return false;
    return text.front() != '@' && text.back() != '@';
}

std::string shown_id(std::string_view email) {
    std::string id(email);
    for (char& c : id) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return id;
}

platform::auth::UserType type_after_orders(platform::auth::UserType type, std::int64_t order_count) {
    using platform::auth::UserType;
    if (type == UserType::kAdmin || order_count <= kOrdersOfAStandardUser) return type;
    return UserType::kPremium;
}

}  // namespace loadgen::services::users
