// The cookies of one user: what servers set, and what goes with the next request (RFC 6265).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/http/url.hpp"

namespace loadgen::http {

/// What became of a Set-Cookie. Servers may send anything: none of these is an error of ours.
enum class CookieVerdict : std::uint8_t {
    kStored,
    kRemoved,        ///< it had expired: what it replaces is gone
    kMalformed,      ///< no name, no '=', or a control character
    kTooLarge,       ///< name and value above 4096 bytes
    kForeignDomain,  ///< Domain is not the host's and no parent of it
    kPublicSuffix,   ///< Domain has a single label
    kPrefixRule,     ///< __Secure- or __Host- without what the prefix promises
};

/// "its Domain is not that of the host" and so on; empty for what was kept or removed.
std::string_view cookie_verdict_text(CookieVerdict verdict);

/// Keeps at most 50 cookies a domain and 300 in all; the oldest give way, expired ones first. Attributes
/// above 1024 bytes are ignored. SameSite is ignored, as no page of another site sends our requests, and so
/// is HttpOnly. A session lasts as long as the jar.
///
/// There is no list of public suffixes: a Domain of one label ("com") is refused, or taken for host-only when
/// it is the host itself; "localhost" is allowed. "co.uk" is not known for what it is, which matters to a
/// browser and not to a load generator that goes where it was pointed.
///
/// Owned by one user, used by one thread. Empty it is one empty vector; a cookie costs about 60 bytes and
/// its text. Cookies are in order of creation; a cookie that is set again keeps its place (section 5.3,
/// step 11.3).
class CookieJar {
  public:
    /// The value of one Set-Cookie field in an answer from `url`.
    CookieVerdict store(const Url& url, std::string_view set_cookie, WallTime now);

    /// A cookie that the script sets for the target of a request. As in Artillery the jar keeps it, for the
    /// folder of the URL's path, and a ';' in the value begins attributes ("7; Path=/"). The error says why a
    /// cookie is none: cookie "a b=": ...
    Result<void> set(const Url& url, std::string_view name, std::string_view value, WallTime now);

    /// Appends the Cookie field's value for a request to `url` ("a=1; b=2"): longest path first, then oldest.
    /// Nothing when no cookie goes there. Does not allocate beyond `out`.
    void append_cookie_header(std::string& out, const Url& url, WallTime now) const;

    std::size_t size() const { return cookies_.size(); }
    bool empty() const { return cookies_.empty(); }
    void clear() { cookies_.clear(); }

  private:
    struct Cookie {
        std::string text;  ///< name '=' value, domain, path: one allocation
        std::int64_t expires_ns = 0;
        std::uint16_t name_size = 0;
        std::uint16_t pair_size = 0;
        std::uint16_t domain_size = 0;
        bool host_only = false;
        bool secure = false;

        std::string_view name() const { return std::string_view(text).substr(0, name_size); }
        std::string_view pair() const { return std::string_view(text).substr(0, pair_size); }
        std::string_view domain() const { return std::string_view(text).substr(pair_size, domain_size); }
        std::string_view path() const { return std::string_view(text).substr(pair_size + domain_size); }
    };

    static bool matches(const Cookie& cookie, const Url& url, std::string_view path, WallTime now);
    void put(Cookie cookie, WallTime now);
    void make_room(std::string_view domain, WallTime now);

    std::vector<Cookie> cookies_;
};

}  // namespace loadgen::http
