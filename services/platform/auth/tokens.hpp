// JSON Web Tokens (RFC 7519) signed with HMAC SHA-256, and only those; best practices of RFC 8725.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/http/header.hpp"
#include "services/platform/auth/claims.hpp"

namespace loadgen::services::platform::auth {

inline constexpr std::size_t kMaxTokenBytes = 4096;
inline constexpr std::int64_t kClockLeewaySeconds = 30;  ///< other machines' clocks may be this far off
inline constexpr std::int64_t kDefaultTokenSeconds = 86'400;

/// Signs and verifies with one secret. Immutable; any thread.
class TokenKeys {
  public:
    /// kUsage for a secret below 32 bytes (RFC 7518 section 3.2).
    static Result<TokenKeys> make(std::string_view secret);
    TokenKeys(TokenKeys&&) noexcept;
    TokenKeys& operator=(TokenKeys&&) noexcept;
    ~TokenKeys();

    /// The compact form (RFC 7515 section 3.1) with the header {"alg":"HS256","typ":"JWT"}.
    std::string sign(const Claims& claims) const;
    /// The claims, when the signature holds and `now` lies before exp, behind nbf, and not before iat, each
    /// with kClockLeewaySeconds. Refuses every alg but HS256 whatever the signature, `crit`, padded or loose
    /// base64url, members that come twice, a missing sub, user_type or exp. The message is for logs and holds
    /// nothing of the token.
    Result<Claims> verify(std::string_view token, WallTime now) const;

  private:
    struct Mac;
    explicit TokenKeys(std::unique_ptr<Mac> mac);
    std::unique_ptr<Mac> mac_;
};

/// Claims for a user who has just proven who they are.
Claims new_claims(std::string sub, UserType type, WallTime now, std::int64_t seconds = kDefaultTokenSeconds);

/// The credentials of "Authorization: Bearer <token>" (RFC 6750 section 2.1; the scheme in any case, RFC 9110
/// section 11.1). None without the field; kSyntax for another scheme, an empty token, or the field twice.
Result<std::optional<std::string_view>> bearer_token(const http::Headers& headers);

}  // namespace loadgen::services::platform::auth
