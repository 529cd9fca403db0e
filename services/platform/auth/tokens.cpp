#include "services/platform/auth/tokens.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <vector>

#include "common/base/encoding.hpp"
#include "common/text/json_reader.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::services::platform::auth {
namespace {

constexpr std::string_view kAlgorithm = "HS256";
constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::size_t kMinSecretBytes = 32;
constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kMaxSubjectBytes = 255;
constexpr double kLatestTime = 9'007'199'254'740'992.0;  // 2^53: exact in a double
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

using Digest = std::array<unsigned char, kDigestBytes>;

Error refused(std::string_view why) {
    return {ErrorCode::kSyntax, "token refused: " + std::string(why)};
}

/// A part of a token as a JSON object whose members come once. The document is the thread's own and is used
/// up by the next call.
Result<text::JsonValue> parse_part(std::string_view part, std::string_view name) {
    thread_local text::JsonDocument document({.max_bytes = kMaxTokenBytes, .max_depth = 8});
    const auto json = from_base64_url(part);
    if (!json) return refused(std::string(name) + " is not base64url");
    const auto root = document.parse(*json);
    if (!root || root->kind() != text::JsonKind::kObject) {
        return refused(std::string(name) + " is not a JSON object");
    }
    std::vector<std::string_view> members;
    root->for_each_member([&members](std::string_view member, text::JsonValue) {
        members.push_back(member);
        return true;
    });
    std::sort(members.begin(), members.end());
    if (std::adjacent_find(members.begin(), members.end()) != members.end()) {
        return refused(std::string(name) + " has a member twice");
    }
    return *root;
}

Result<void> check_header(std::string_view part) {
    const auto header = parse_part(part, "the header");
    if (!header) return header.error();
    const auto algorithm = header->find("alg");
    // RFC 8725 section 3.1: the key says which algorithm, never the token.
    if (!algorithm || algorithm->as_string() != kAlgorithm) return refused("its algorithm is not HS256");
    if (header->find("crit")) return refused("it has critical extensions");  // RFC 7515 section 4.1.11
    const auto type = header->find("typ");
    if (type && !http::equal_name(type->as_string().value_or(std::string_view()), "JWT")) {
        return refused("its type is not JWT");
    }
    return {};
}

/// A NumericDate (RFC 7519 section 2), fractions dropped. `missing` where there is none.
Result<std::int64_t> read_time(text::JsonValue claims, std::string_view name, std::int64_t missing) {
    const auto member = claims.find(name);
    if (!member) return missing;
    const auto number = member->as_double();
    if (!number || !(*number >= 0) || *number >= kLatestTime) {
        return refused(std::string(name) + " is not a time");
    }
    return static_cast<std::int64_t>(std::floor(*number));
}

Result<Claims> read_claims(text::JsonValue object, std::int64_t now) {
    const auto subject = object.find("sub");
    const auto id = subject ? subject->as_string() : std::nullopt;
    if (!id || id->empty() || id->size() > kMaxSubjectBytes) return refused("it has no usable sub");
    const auto member = object.find("user_type");
    const auto name = member ? member->as_string() : std::nullopt;
    const auto type = name ? user_type_from_name(*name) : std::nullopt;
    if (!type) return refused("it has no usable user_type");
    const auto issued = read_time(object, "iat", 0);
    if (!issued) return issued.error();
    const auto expires = read_time(object, "exp", -1);
    if (!expires) return expires.error();
    const auto not_before = read_time(object, "nbf", 0);
    if (!not_before) return not_before.error();
    if (*expires < 0) return refused("it has no exp");
    if (now >= *expires + kClockLeewaySeconds) return refused("it has expired");
    if (*issued > now + kClockLeewaySeconds) return refused("it was issued in the future");
    if (*issued > *expires) return refused("it expired before it was issued");
    if (*not_before > now + kClockLeewaySeconds) return refused("it is not valid yet");
    return Claims{std::string(*id), *type, *issued, *expires};
}

}  // namespace

/// A keyed HMAC that is copied for each token: looking the algorithm up again would cost more than the hash.
struct TokenKeys::Mac {
    EVP_MAC* algorithm = nullptr;
    EVP_MAC_CTX* keyed = nullptr;

    Mac() = default;
    Mac(const Mac&) = delete;
    Mac& operator=(const Mac&) = delete;
    ~Mac() {
        EVP_MAC_CTX_free(keyed);
        EVP_MAC_free(algorithm);
    }

    bool set_key(std::string_view secret) {
        ERR_clear_error();
        algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        keyed = algorithm == nullptr ? nullptr : EVP_MAC_CTX_new(algorithm);
        if (keyed == nullptr) return false;
        char name[] = "SHA256";
        const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                         OSSL_PARAM_construct_end()};
        return EVP_MAC_init(keyed, reinterpret_cast<const unsigned char*>(secret.data()), secret.size(),
                            parameters) == 1;
    }

    Digest digest(std::string_view text) const {
        ERR_clear_error();
        const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context(EVP_MAC_CTX_dup(keyed),
                                                                                EVP_MAC_CTX_free);
        Digest result{};
        std::size_t size = 0;
        const bool done = context != nullptr &&
                          EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(text.data()),
                                         text.size()) == 1 &&
                          EVP_MAC_final(context.get(), result.data(), &size, result.size()) == 1;
        if (!done) throw std::bad_alloc();  // nothing else can fail once the key is set
        return result;
    }
};

TokenKeys::TokenKeys(std::unique_ptr<Mac> mac) : mac_(std::move(mac)) {}
TokenKeys::TokenKeys(TokenKeys&&) noexcept = default;
TokenKeys& TokenKeys::operator=(TokenKeys&&) noexcept = default;
TokenKeys::~TokenKeys() = default;

Result<TokenKeys> TokenKeys::make(std::string_view secret) {
    if (secret.size() < kMinSecretBytes) {
        return Error{ErrorCode::kUsage, "the token secret has " + std::to_string(secret.size()) +
                                            " bytes; it needs at least " + std::to_string(kMinSecretBytes)};
    }
    auto mac = std::make_unique<Mac>();
    if (!mac->set_key(secret)) return Error{ErrorCode::kInternal, "OpenSSL offers no HMAC with SHA-256"};
    return TokenKeys(std::move(mac));
}

std::string TokenKeys::sign(const Claims& claims) const {
    std::string payload;
    text::JsonWriter(payload)
        .begin_object()
        .key("sub")
        .string(claims.sub)
        .key("user_type")
        .string(user_type_name(claims.user_type))
        .key("iat")
        .integer(claims.iat)
        .key("exp")
        .integer(claims.exp)
        .end_object();
    std::string token = to_base64_url(kHeader) + '.' + to_base64_url(payload);
    const Digest digest = mac_->digest(token);
    token += '.' + to_base64_url({reinterpret_cast<const char*>(digest.data()), digest.size()});
    return token;
}

Result<Claims> TokenKeys::verify(std::string_view token, WallTime now) const {
    if (token.size() > kMaxTokenBytes) return refused("it is too long");
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last) {
        return refused("it has not three parts");
    }
    // The signature first: nothing else of a stranger's token is even parsed.
    const auto signature = from_base64_url(token.substr(last + 1));
    if (!signature || signature->size() != kDigestBytes) return refused("the signature does not match");
    const Digest digest = mac_->digest(token.substr(0, last));
    if (CRYPTO_memcmp(digest.data(), signature->data(), kDigestBytes) != 0) {
        return refused("the signature does not match");
    }
    auto header = check_header(token.substr(0, first));
    if (!header) return std::move(header).error();
    const auto claims = parse_part(token.substr(first + 1, last - first - 1), "the payload");
    if (!claims) return claims.error();
    return read_claims(*claims, now.unix_ns / kNanosPerSecond);
}

Claims new_claims(std::string sub, UserType type, WallTime now, std::int64_t seconds) {
    const std::int64_t issued = now.unix_ns / kNanosPerSecond;
    return {std::move(sub), type, issued, issued + seconds};
}

Result<std::optional<std::string_view>> bearer_token(const http::Headers& headers) {
    constexpr std::string_view kScheme = "bearer";
    const http::Header* found = nullptr;
    for (const http::Header& header : headers) {
        if (!http::equal_name(header.name, "authorization")) continue;
        if (found != nullptr) return Error{ErrorCode::kSyntax, "Authorization is there twice"};
        found = &header;
    }
    if (found == nullptr) return std::optional<std::string_view>();
    std::string_view value = found->value;
    const auto space = value.find(' ');
    if (!http::equal_name(value.substr(0, space), kScheme)) {
        return Error{ErrorCode::kSyntax, "the Authorization scheme is not Bearer"};
    }
    value = space == std::string_view::npos ? std::string_view() : value.substr(space);
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    if (value.empty()) return Error{ErrorCode::kSyntax, "the bearer token is empty"};
    return std::optional<std::string_view>(value);
}

}  // namespace loadgen::services::platform::auth
