#include "common/http/cookie_jar.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <limits>

#include "common/http/detail/set_cookie.hpp"
#include "common/http/header.hpp"

namespace loadgen::http {
namespace {

constexpr std::size_t kMaxPairBytes = 4096;
constexpr std::size_t kMaxPathBytes = 1024;
constexpr std::size_t kMaxPerDomain = 50;
constexpr std::size_t kMaxCookies = 300;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    }
    return out;
}

bool is_ip_address(const std::string& host) {
    in_addr ignored{};
    return host.find(':') != std::string::npos || inet_pton(AF_INET, host.c_str(), &ignored) == 1;
}

/// Section 5.1.3. `domain` is in lower case, as hosts are.
bool domain_matches(const std::string& host, std::string_view domain) {
    if (host == domain) return true;
    if (host.size() <= domain.size() || !std::string_view(host).ends_with(domain)) return false;
    return host[host.size() - domain.size() - 1] == '.' && !is_ip_address(host);
}

/// Section 5.1.4.
bool path_matches(std::string_view path, std::string_view cookie_path) {
    if (!path.starts_with(cookie_path)) return false;
    return path.size() == cookie_path.size() || cookie_path.ends_with('/') || path[cookie_path.size()] == '/';
}

std::string_view path_of(const Url& url) {
    const std::string_view text = url.path_and_query;
    return text.substr(0, text.find('?'));
}

/// Section 5.1.4: the folder of the path.
std::string_view default_path(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == 0 || slash == std::string_view::npos || slash > kMaxPathBytes) return "/";
    return path.substr(0, slash);
}

/// Max-Age goes before Expires (section 5.3, step 3).
std::int64_t expiry(const detail::SetCookie& cookie, WallTime now) {
    if (cookie.max_age_s) {
        if (*cookie.max_age_s == 0) return std::numeric_limits<std::int64_t>::min();
        const std::int64_t most = (kNever - std::max<std::int64_t>(now.unix_ns, 0)) / kNanosPerSecond;
        return *cookie.max_age_s >= most ? kNever : now.unix_ns + *cookie.max_age_s * kNanosPerSecond;
    }
    return cookie.expires ? cookie.expires->unix_ns : kNever;
}

bool begins_with_name(std::string_view text, std::string_view prefix) {
    return equal_name(text.substr(0, prefix.size()), prefix);
}

/// draft-ietf-httpbis-rfc6265bis section 4.1.3: what the names promise.
bool keeps_prefix_rule(const detail::SetCookie& cookie, bool host_only) {
    if (begins_with_name(cookie.name, "__Secure-")) return cookie.secure;
    if (begins_with_name(cookie.name, "__Host-")) {
        return cookie.secure && host_only && cookie.path == std::string_view("/");
    }
    return true;
}

}  // namespace

std::string_view cookie_verdict_text(CookieVerdict verdict) {
    switch (verdict) {
        case CookieVerdict::kStored:
        case CookieVerdict::kRemoved:
            return {};
        case CookieVerdict::kMalformed:
            return "it needs a name, a '=' and no control characters";
        case CookieVerdict::kTooLarge:
            return "name and value are longer than 4096 bytes";
        case CookieVerdict::kForeignDomain:
            return "its Domain is neither the host nor a parent of it";
        case CookieVerdict::kPublicSuffix:
            return "its Domain has a single label";
        case CookieVerdict::kPrefixRule:
            return "its name begins with __Secure- or __Host-, but its attributes do not keep that promise";
    }
    return {};
}

CookieVerdict CookieJar::store(const Url& url, std::string_view set_cookie, WallTime now) {
    const auto parsed = detail::parse_set_cookie(set_cookie);
    if (!parsed) return CookieVerdict::kMalformed;
    if (parsed->name.size() + parsed->value.size() > kMaxPairBytes) return CookieVerdict::kTooLarge;

    std::string domain = lower(parsed->domain);
    if (!domain.empty() && domain != "localhost" && domain.find_first_of(".:") == std::string::npos) {
        if (domain != url.host) return CookieVerdict::kPublicSuffix;
        domain.clear();  // section 5.3, step 5
    }
    if (!domain.empty() && !domain_matches(url.host, domain)) return CookieVerdict::kForeignDomain;
    const bool host_only = domain.empty();
    if (!keeps_prefix_rule(*parsed, host_only)) return CookieVerdict::kPrefixRule;

    if (host_only) domain = url.host;
    const bool has_path = parsed->path && !parsed->path->empty();
    const std::string_view path = has_path ? *parsed->path : default_path(path_of(url));
    Cookie cookie;
    cookie.text.reserve(parsed->name.size() + 1 + parsed->value.size() + domain.size() + path.size());
    cookie.text.append(parsed->name).append("=").append(parsed->value).append(domain).append(path);
    cookie.name_size = static_cast<std::uint16_t>(parsed->name.size());
    cookie.pair_size = static_cast<std::uint16_t>(parsed->name.size() + 1 + parsed->value.size());
    cookie.domain_size = static_cast<std::uint16_t>(domain.size());
    cookie.expires_ns = expiry(*parsed, now);
    cookie.host_only = host_only;
    cookie.secure = parsed->secure;
    const bool expired = cookie.expires_ns <= now.unix_ns;
    put(std::move(cookie), now);
    return expired ? CookieVerdict::kRemoved : CookieVerdict::kStored;
}

Result<void> CookieJar::set(const Url& url, std::string_view name, std::string_view value, WallTime now) {
    std::string text(name);
    text.append("=").append(value);
    const CookieVerdict verdict =
        name.find('=') == std::string_view::npos ? store(url, text, now) : CookieVerdict::kMalformed;
    const std::string_view why = cookie_verdict_text(verdict);
    if (why.empty()) return {};
    const auto code = verdict == CookieVerdict::kTooLarge ? ErrorCode::kLimit : ErrorCode::kUsage;
    return Error{code, "cookie \"" + std::string(name.substr(0, 60)) + "\": " + std::string(why)};
}

/// Stores, replaces, or removes when it has expired already.
void CookieJar::put(Cookie cookie, WallTime now) {
    const auto same = std::find_if(cookies_.begin(), cookies_.end(), [&](const Cookie& other) {
        return other.name() == cookie.name() && other.domain() == cookie.domain() &&
               other.path() == cookie.path();
    });
    const bool expired = cookie.expires_ns <= now.unix_ns;
    if (same != cookies_.end()) {
        if (expired) {
            cookies_.erase(same);
        } else {
            *same = std::move(cookie);
        }
        return;
    }
    if (expired) return;
    make_room(cookie.domain(), now);
    cookies_.push_back(std::move(cookie));
}

void CookieJar::make_room(std::string_view domain, WallTime now) {
    const auto of_domain = [&](const Cookie& cookie) { return cookie.domain() == domain; };
    const auto count = static_cast<std::size_t>(std::count_if(cookies_.begin(), cookies_.end(), of_domain));
    if (count < kMaxPerDomain && cookies_.size() < kMaxCookies) return;
    std::erase_if(cookies_, [&](const Cookie& cookie) { return cookie.expires_ns <= now.unix_ns; });
    const auto first = std::find_if(cookies_.begin(), cookies_.end(), of_domain);
    const auto left = std::count_if(cookies_.begin(), cookies_.end(), of_domain);
    if (static_cast<std::size_t>(left) >= kMaxPerDomain) {
        cookies_.erase(first);
    } else if (cookies_.size() >= kMaxCookies) {
        cookies_.erase(cookies_.begin());
    }
}

bool CookieJar::matches(const Cookie& cookie, const Url& url, std::string_view path, WallTime now) {
    if (cookie.expires_ns <= now.unix_ns || (cookie.secure && !url.tls())) return false;
    if (cookie.host_only ? cookie.domain() != url.host : !domain_matches(url.host, cookie.domain())) {
        return false;
    }
    return path_matches(path, cookie.path());
}

/// One round for each length of path that occurs: there are few, and it needs no memory.
void CookieJar::append_cookie_header(std::string& out, const Url& url, WallTime now) const {
    const std::string_view path = path_of(url);
    bool first = true;
    std::size_t shorter_than = std::numeric_limits<std::size_t>::max();
    for (;;) {
        std::size_t length = 0;  // a path has at least its '/'
        for (const Cookie& cookie : cookies_) {
            const std::size_t size = cookie.path().size();
            if (size < shorter_than && size > length && matches(cookie, url, path, now)) length = size;
        }
        if (length == 0) return;
        for (const Cookie& cookie : cookies_) {
            if (cookie.path().size() != length || !matches(cookie, url, path, now)) continue;
            if (!first) out.append("; ");
            first = false;
            out.append(cookie.pair());
        }
        shorter_than = length;
    }
}

}  // namespace loadgen::http
