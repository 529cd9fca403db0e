#include "services/ninja/users/domain/email.hpp"

#include <algorithm>

namespace loadgen::services::ninja::users {
namespace {

constexpr std::size_t kMaxLocal = 64;  // RFC 5321 section 4.5.3.1.1
constexpr std::size_t kMaxLabel = 63;  // RFC 1035 section 2.3.4
constexpr std::string_view kAtomMarks = "!#$%&'*+-/=?^_`{|}~";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_atom(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alphanumeric(c) || kAtomMarks.find(c) != std::string_view::npos;
    });
}

bool is_label(std::string_view text) {
    if (text.empty() || text.size() > kMaxLabel || text.front() == '-' || text.back() == '-') return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

/// Whether each part between the dots is as `good` wants it.
bool all_parts(std::string_view text, bool (*good)(std::string_view)) {
    while (true) {
        const std::size_t dot = text.find('.');
        if (!good(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_host(std::string_view text) {
    const std::size_t dot = text.rfind('.');
    if (dot == std::string_view::npos || !all_parts(text, is_label)) return false;
    const std::string_view last = text.substr(dot + 1);
    return !std::all_of(last.begin(), last.end(), is_digit);
}

}  // namespace

bool is_email(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (text.size() > kMaxEmail || at == std::string_view::npos || at > kMaxLocal) return false;
    return all_parts(text.substr(0, at), is_atom) && is_host(text.substr(at + 1));
}

}  // namespace loadgen::services::ninja::users
