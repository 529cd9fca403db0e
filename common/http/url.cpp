#include "common/http/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "common/base/encoding.hpp"

namespace loadgen::http {
namespace {

constexpr std::size_t kMaxUrlBytes = 64 * 1024;
constexpr std::size_t kMaxHostBytes = 255;  // RFC 1035 section 2.3.4

bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

void assign_lower(std::string& out, std::string_view text) {
    out.assign(text);
    for (char& c : out) c = lower(c);
}

std::string lower(std::string_view text) {
    std::string out;
    assign_lower(out, text);
    return out;
}

bool is_escape(std::string_view text, std::size_t at) {
    return at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0;
}

/// `text` as an error message may show it: short, printable, and without a password.
std::string shown(std::string_view text) {
    std::string out;
    const std::size_t scheme = text.find("://");
    if (scheme != std::string_view::npos) {
        const std::string_view rest = text.substr(scheme + 3);
        const std::size_t at = rest.substr(0, rest.find_first_of("/?#")).rfind('@');
        if (at != std::string_view::npos) {
            out.append(text.substr(0, scheme + 3)).append("***");
            text = rest.substr(at);
        }
    }
    constexpr std::size_t kShown = 120;
    for (const char c : text.substr(0, kShown)) {
        const auto byte = static_cast<unsigned char>(c);
        constexpr std::string_view kHex = "0123456789abcdef";
        if (byte >= 0x20 && byte < 0x7f) {
            out += c;
        } else {
            out.append("\\x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
        }
    }
    if (text.size() > kShown) out += "...";
    return out;
}

Error bad_url(std::string_view text, std::string_view why) {
    return Error{ErrorCode::kSyntax, "bad URL \"" + shown(text) + "\": " + std::string(why)};
}

void append_escaped(std::string& out, char c) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out.append("%").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
}

/// Path and query with the bytes that RFC 3986 section 2 doesn't allow raw percent-encoded. Brackets stay:
/// the RFC forbids them here too, but every browser and server passes them.
void encode_path(std::string_view text, std::string& out) {
    constexpr std::string_view kForbidden = "\"<>\\^`{|}";
    out.clear();
    out.reserve(text.size() + 1);
    if (text.empty() || text.front() != '/') out += '/';
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        const bool raw = byte > 0x20 && byte < 0x7f && kForbidden.find(c) == std::string_view::npos &&
                         (c != '%' || is_escape(text, i));
        if (raw) {
            out += c;
        } else {
            append_escaped(out, c);
        }
    }
}

std::string encode_path(std::string_view text) {
    std::string out;
    encode_path(text, out);
    return out;
}

std::optional<std::string> decode_user_info(std::string_view text) {
    constexpr std::string_view kAllowed = "-._~!$&'()*+,;=:";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (!is_escape(text, i)) return std::nullopt;
            out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else if (is_alpha(text[i]) || is_digit(text[i]) ||
                   kAllowed.find(text[i]) != std::string_view::npos) {
            out += text[i];
        } else {
            return std::nullopt;
        }
    }
    return out;
}

/// The inside of the brackets: an IPv6 address, perhaps with a zone (RFC 6874: "%25eth0").
std::optional<std::string> parse_ipv6(std::string_view text) {
    const std::size_t percent = text.find('%');
    const std::string address = lower(text.substr(0, percent));
    in6_addr ignored{};
    if (address.find('\0') != std::string::npos || inet_pton(AF_INET6, address.c_str(), &ignored) != 1) {
        return std::nullopt;
    }
    if (percent == std::string_view::npos) return address;
    std::string_view zone = text.substr(percent + 1);
    if (!zone.starts_with("25") || zone.size() == 2) return std::nullopt;
    zone.remove_prefix(2);
    for (const char c : zone) {
        if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.' && c != '_') return std::nullopt;
    }
    return address + "%" + std::string(zone);
}

/// Why a registered name isn't one, or empty.
std::string_view name_problem(std::string_view host) {
    if (host.empty()) return "the host is missing";
    if (host.size() > kMaxHostBytes) return "the host is longer than 255 bytes";
    for (const char c : host) {
        if (static_cast<unsigned char>(c) >= 0x80) return "the host must be ASCII (write the xn-- form)";
        if (!is_alpha(c) && !is_digit(c) && c != '-' && c != '.' && c != '_' && c != '~') {
            return "the host may hold letters, digits, '-', '.', '_' and '~' only";
        }
    }
    return {};
}

std::string_view parse_port(std::string_view text, Url& url) {
    if (text.empty()) return {};  // RFC 3986 section 3.2.3: "host:" means the default
    unsigned port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failure != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65535) {
        return "the port must be a number from 1 to 65535";
    }
    url.port = static_cast<std::uint16_t>(port);
    return {};
}

/// Splits host and port; the problem's description, or empty.
std::string_view parse_host_port(std::string_view text, Url& url) {
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) return "the ']' behind the IPv6 address is missing";
        auto address = parse_ipv6(text.substr(1, close - 1));
        if (!address) return "the part in brackets is not an IPv6 address";
        url.host = *std::move(address);
        text.remove_prefix(close + 1);
        if (text.empty()) return {};
        return text.front() == ':' ? parse_port(text.substr(1), url) : "only ':port' may follow the ']'";
    }
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    if (const std::string_view problem = name_problem(name); !problem.empty()) return problem;
    assign_lower(url.host, name);
    if (colon == std::string_view::npos) return {};
    if (text.find(':', colon + 1) != std::string_view::npos) return "an IPv6 address needs brackets";
    return parse_port(text.substr(colon + 1), url);
}

std::string_view parse_authority(std::string_view text, Url& url) {
    const std::size_t at = text.rfind('@');
    if (at != std::string_view::npos) {
        auto user = decode_user_info(text.substr(0, at));
        if (!user) return "the user and password hold a character that must be percent-encoded";
        url.user_info = *std::move(user);
        text.remove_prefix(at + 1);
    }
    return parse_host_port(text, url);
}

/// The length of the scheme before ':', or 0 when `text` starts with none (RFC 3986 section 3.1).
std::size_t scheme_length(std::string_view text) {
    if (text.empty() || !is_alpha(text.front())) return 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ':') return i;
        if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return 0;
    }
    return 0;
}

void drop_last_segment(std::string& path) {
    const std::size_t slash = path.rfind('/');
    path.resize(slash == std::string::npos ? 0 : slash);
}

/// RFC 3986 section 5.2.4 for a path that starts with '/'.
std::string remove_dot_segments(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        const std::size_t next = path.find('/', 1);
        const std::string_view segment = path.substr(0, next);
        const bool last = next == std::string_view::npos;
        if (segment == "/..") {
            drop_last_segment(out);
            if (last) out += '/';
        } else if (segment == "/.") {
            if (last) out += '/';
        } else {
            out.append(segment);
        }
        path.remove_prefix(last ? path.size() : next);
    }
    return out;
}

std::string without_dot_segments(const std::string& path_and_query) {
    const std::size_t query = path_and_query.find('?');
    std::string out = remove_dot_segments(std::string_view(path_and_query).substr(0, query));
    if (query != std::string::npos) out.append(path_and_query, query);
    return out;
}

std::optional<Error> check_bytes(std::string_view text) {
    if (text.size() > kMaxUrlBytes) {
        return Error{ErrorCode::kLimit, "bad URL \"" + shown(text) + "\": longer than 65536 bytes"};
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7f) {
            return bad_url(text, "control character at byte " + std::to_string(i + 1));
        }
    }
    return std::nullopt;
}

}  // namespace

void Url::append_authority(std::string& out) const {
    // The zone of an IPv6 address means something on this machine only (RFC 6874 section 4).
    const bool ipv6 = host.find(':') != std::string::npos;
    if (ipv6) {
        out.append("[").append(host, 0, host.find('%')).append("]");
    } else {
        out.append(host);
    }
    if (port != (tls() ? 443 : 80)) out.append(":").append(std::to_string(port));
}

std::string Url::authority() const {
    std::string out;
    append_authority(out);
    return out;
}

std::string Url::text() const {
    return scheme + "://" + authority() + path_and_query;
}

Result<void> parse_url(std::string_view text, Url& url) {
    if (auto error = check_bytes(text)) return *std::move(error);
    const std::size_t colon = scheme_length(text);
    if (colon == 0) return bad_url(text, "it must start with http:// or https://");
    assign_lower(url.scheme, text.substr(0, colon));
    url.user_info.clear();
    if (url.scheme != "http" && url.scheme != "https") return bad_url(text, "scheme must be http or https");
    if (!text.substr(colon + 1).starts_with("//")) return bad_url(text, "\"//\" must follow the scheme");
    url.port = url.tls() ? 443 : 80;

    std::string_view rest = text.substr(colon + 3);
    rest = rest.substr(0, rest.find('#'));
    const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
    const std::string_view problem = parse_authority(rest.substr(0, path), url);
    if (!problem.empty()) return bad_url(text, problem);
    encode_path(rest.substr(path), url.path_and_query);
    return {};
}

Result<Url> parse_url(std::string_view text) {
    Url url;
    if (auto parsed = parse_url(text, url); !parsed) return std::move(parsed).error();
    return url;
}

Result<Url> resolve_url(const Url& base, std::string_view reference) {
    if (auto error = check_bytes(reference)) return *std::move(error);
    if (scheme_length(reference) != 0 || reference.starts_with("//")) {
        auto url = reference.starts_with("//") ? parse_url(base.scheme + ":" + std::string(reference))
                                               : parse_url(reference);
        if (url) url->path_and_query = without_dot_segments(url->path_and_query);
        return url;
    }
    Url url = base;
    reference = reference.substr(0, reference.find('#'));
    if (reference.empty()) return url;
    const std::string base_path = base.path_and_query.substr(0, base.path_and_query.find('?'));
    if (reference.front() == '?') {
        url.path_and_query = base_path + encode_path(reference).substr(1);
    } else if (reference.front() == '/') {
        url.path_and_query = without_dot_segments(encode_path(reference));
    } else {
        const std::string merged = base_path.substr(0, base_path.rfind('/')) + encode_path(reference);
        url.path_and_query = without_dot_segments(merged);
    }
    return url;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view kUnreservedMarks = "-._~";
    return loadgen::percent_encode(text, kUnreservedMarks);
}

}  // namespace loadgen::http
