#include "services/products/domain/product.hpp"

#include <cmath>

namespace loadgen::services::products {
namespace {

constexpr std::size_t kTooShortName = 3;

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

std::string product_id_of(std::string_view name) {
    std::string id;
    for (const char c : name) {
        if (c != ' ') id += upper(c);
    }
    return id;
}

std::optional<std::string> check_details(std::string_view name, double price) {
    if (name.size() <= kTooShortName) return "name must have more than 3 bytes";
    if (product_id_of(name).empty()) return "name must not be blank";  // it would have no id
    if (!std::isfinite(price) || price <= 0) return "price must be above 0";
    return std::nullopt;
}

}  // namespace loadgen::services::products
