// Absolute http and https URLs (RFC 3986), as targets name them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::http {

/// A parsed target URL. `authority()` is what Host and :authority carry.
struct Url {
    std::string scheme;      ///< "http" or "https", lower case
    std::string user_info;   ///< "user:password" percent-decoded, or empty
    std::string host;        ///< lower case, without brackets for IPv6
    std::uint16_t port = 0;  ///< explicit, or the scheme's default
    std::string
        path_and_query;  ///< starts with '/', no fragment; characters not allowed raw are percent-encoded

    bool tls() const { return scheme == "https"; }
    /// host, or host:port when the port is not the scheme's default; IPv6 in brackets.
    std::string authority() const;
    void append_authority(std::string& out) const;
    /// scheme://authority + path_and_query.
    std::string text() const;
};

/// Parses an absolute URL. The error names what is wrong ("bad URL \"ftp://x\": scheme must be http or
/// https").
Result<Url> parse_url(std::string_view text);
/// The same into `url`, whose texts lend their room. After an error there is no telling what it holds.
Result<void> parse_url(std::string_view text, Url& url);

/// Makes `text` one path segment: every byte that is not unreserved becomes %XX (RFC 3986 section 2.1).
std::string percent_encode(std::string_view text);

/// Resolves a Location value (absolute, "//host/p", "/p", "p", "?q") against `base` (RFC 3986 section 5.2).
Result<Url> resolve_url(const Url& base, std::string_view reference);

}  // namespace loadgen::http
