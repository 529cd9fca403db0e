#include "services/orders/domain/order.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace loadgen::services::orders {
namespace {

constexpr std::array<std::string_view, 5> kStatusNames = {"Created", "Confirmed", "Completed", "NoStock",
                                                          "Failed"};

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_user_id_character(char c) {
    return is_id_character(c) || c == '@' || c == '.';
}

bool is_id(std::string_view text, std::size_t longest, bool (*allowed)(char) = is_id_character) {
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

std::string_view status_name(OrderStatus status) {
    return kStatusNames[static_cast<std::size_t>(status)];
}

std::string_view type_name(OrderType type) {
    return type == OrderType::kPriority ? "Priority" : "Standard";
}

std::optional<std::string> check_products(const std::vector<std::string>& products) {
    if (products.empty() || products.size() > kMaxProducts) return "must name 1 to 50 products";
    std::unordered_set<std::string_view> seen;
    for (const std::string& product : products) {
        if (!is_id(product, kMaxProductId)) return "must have ids of 1 to 50 letters, digits, '-' or '_'";
        if (!seen.insert(product).second) return "must not name a product twice";
    }
    return std::nullopt;
}

bool is_order_id(std::string_view text) {
    return is_id(text, kMaxOrderId);
}

bool is_user_id(std::string_view text) {
    return is_id(text, kMaxUserId, is_user_id_character);
}

}  // namespace loadgen::services::orders
