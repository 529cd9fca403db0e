#include "services/ninja/shared/domain/idempotency_key.hpp"

#include <optional>

namespace loadgen::services::ninja {
namespace {

bool is_visible(char c) {
    return c > ' ' && c <= '~';
}

/// What stands between the quotes, unescaped; none when it is no string of RFC 8941 section 4.2.5.
std::optional<std::string> unquote(std::string_view field) {
    if (field.size() < 2 || field.back() != '"') return std::nullopt;
    std::string text;
    const std::string_view inner = field.substr(1, field.size() - 2);
    for (std::size_t i = 0; i < inner.size(); ++i) {
        char c = inner[i];
        if (c == '"') return std::nullopt;
        if (c == '\\') {
            if (++i == inner.size()) return std::nullopt;
            c = inner[i];
            if (c != '"' && c != '\\') return std::nullopt;
        }
        text += c;
    }
    return text;
}

std::optional<std::string> read_key(std::string_view field) {
    if (field.starts_with('"')) return unquote(field);
    if (field.find_first_of("\"\\,") != std::string_view::npos) return std::nullopt;
    return std::string(field);
}

}  // namespace

Result<std::string> parse_idempotency_key(std::string_view field) {
    auto key = read_key(field);
    bool good = key && !key->empty() && key->size() <= kMaxIdempotencyKey;
    for (std::size_t i = 0; good && i < key->size(); ++i) good = is_visible((*key)[i]);
    if (good) return std::move(*key);
    return Error{ErrorCode::kUsage, "Idempotency-Key must have 1 to 255 visible ASCII characters"};
}

}  // namespace loadgen::services::ninja
