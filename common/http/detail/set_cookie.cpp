#include "common/http/detail/set_cookie.hpp"

#include <algorithm>
#include <limits>

#include "common/http/cookie_date.hpp"
#include "common/http/header.hpp"

namespace loadgen::http::detail {
namespace {

constexpr std::size_t kMaxAttributeBytes = 1024;  // draft-ietf-httpbis-rfc6265bis section 5.6

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Takes what stands before the first `separator` off `text`, and the separator.
std::string_view take_until(std::string_view& text, char separator) {
    const std::size_t at = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return part;
}

/// None when it is to be ignored (section 5.2.2). Numbers too large to count are as good as for ever.
std::optional<std::int64_t> parse_max_age(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    if (negative) return 0;
    std::int64_t seconds = 0;
    for (const char c : text) {
        if (seconds > std::numeric_limits<std::int64_t>::max() / 100) break;
        seconds = seconds * 10 + (c - '0');
    }
    return seconds;
}

void take_attribute(SetCookie& cookie, std::string_view name, std::string_view value) {
    if (value.size() > kMaxAttributeBytes) return;
    if (equal_name(name, "expires")) {
        if (const auto date = parse_cookie_date(value)) cookie.expires = date;
    } else if (equal_name(name, "max-age")) {
        if (const auto seconds = parse_max_age(value)) cookie.max_age_s = seconds;
    } else if (equal_name(name, "domain")) {
        if (value.starts_with('.')) value.remove_prefix(1);
        if (!value.empty()) cookie.domain = value;
    } else if (equal_name(name, "path")) {
        cookie.path = value.starts_with('/') ? value : std::string_view();
    } else if (equal_name(name, "secure")) {
        cookie.secure = true;
    }
}

}  // namespace

std::optional<SetCookie> parse_set_cookie(std::string_view text) {
    const auto is_control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    };
    if (std::any_of(text.begin(), text.end(), is_control)) return std::nullopt;

    SetCookie cookie;
    std::string_view pair = take_until(text, ';');
    if (pair.find('=') == std::string_view::npos) return std::nullopt;
    cookie.name = trimmed(take_until(pair, '='));
    cookie.value = trimmed(pair);
    if (cookie.name.empty()) return std::nullopt;
    while (!text.empty()) {
        std::string_view attribute = take_until(text, ';');
        const std::string_view name = trimmed(take_until(attribute, '='));
        take_attribute(cookie, name, trimmed(attribute));
    }
    return cookie;
}

}  // namespace loadgen::http::detail
