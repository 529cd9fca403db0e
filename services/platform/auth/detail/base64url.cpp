#include "services/platform/auth/detail/base64url.hpp"

#include "common/base/encoding.hpp"

namespace loadgen::services::platform::auth::detail {

std::string to_base64url(std::string_view bytes) {
    std::string text = to_base64(bytes);
    while (text.ends_with('=')) text.pop_back();
    for (char& c : text) {
        if (c == '+') c = '-';
        if (c == '/') c = '_';
    }
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    constexpr std::size_t kGroup = 4;
    if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
    std::string padded(text);
    for (char& c : padded) {
        if (c == '-') c = '+';
        if (c == '_') c = '/';
    }
    while (padded.size() % kGroup != 0) padded += '=';
    auto bytes = from_base64(padded);
    // Stray bits behind the last byte would make another text of the same bytes.
    if (!bytes || to_base64url(*bytes) != text) return std::nullopt;
    return bytes;
}

}  // namespace loadgen::services::platform::auth::detail
