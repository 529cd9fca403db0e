#include "services/grocery/users/domain/push_endpoint.hpp"

#include <algorithm>

#include "common/http/url.hpp"

namespace loadgen::services::grocery::users {
namespace {

constexpr std::size_t kMaxUrl = 500;
constexpr Nanos kFirstRetry = std::chrono::seconds(1);

/// Four numbers, the first of them 127: a name that only begins like an address is not one.
bool is_loopback_v4(std::string_view host) {
    if (!host.starts_with("127.")) return false;
    const bool plain = std::all_of(host.begin(), host.end(), [](char letter) {
        return letter == '.' || (letter >= '0' && letter <= '9');
    });
    return plain && std::count(host.begin(), host.end(), '.') == 3;
}

}  // namespace

std::optional<std::string> check_push_endpoint(std::string_view url, PushReach reach) {
    if (url.size() > kMaxUrl) return "must have at most 500 bytes";
    const auto parsed = http::parse_url(url);
    if (!parsed) return "must be an http or https URL";
    if (!parsed->user_info.empty()) return "must not hold a user name or password";
    if (reach == PushReach::kAnywhere) return std::nullopt;
    if (is_loopback_v4(parsed->host) || parsed->host == "::1" || parsed->host == "localhost")
        return std::nullopt;
    return "must name this machine (127.0.0.1, [::1] or localhost)";
}

Nanos push_retry_wait(int attempt) {
    return kFirstRetry * (1LL << std::clamp(attempt - 1, 0, kPushAttempts));
}

}  // namespace loadgen::services::grocery::users
