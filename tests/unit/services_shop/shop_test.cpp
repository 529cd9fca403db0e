#include "tests/unit/services_shop/shop_test.hpp"

#include "services/platform/auth/secret_file.hpp"

namespace loadgen::services::shop_test {
namespace {

using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr std::int64_t kNanosPerHour = 3'600'000'000'000;
constexpr std::string_view kOtherSecret = "another secret of more than thirty-two bytes";

}  // namespace

std::string field(const Answer& answer, std::string_view name) {
    const http::Header* found = http::find_header(answer.headers, name);
    return found == nullptr ? std::string() : found->value;
}

Tokens::Tokens(const test::Folder& folder) {
    const auto secret = platform::auth::load_or_create_secret(folder.file("token-secret"));
    EXPECT_TRUE(secret.has_value());
    auto keys = platform::auth::TokenKeys::make(secret.value_or(std::string()));
    EXPECT_TRUE(keys.has_value());
    if (keys) keys_.emplace(std::move(*keys));
}

std::string Tokens::sign(std::string user_id, UserType type, WallTime when) const {
    return keys_->sign(platform::auth::new_claims(std::move(user_id), type, when));
}

Result<platform::auth::Claims> Tokens::claims_of(const std::string& token) const {
    return keys_->verify(token, system_clock().wall_now());
}

std::string Tokens::of(std::string user_id, UserType type) const {
    return sign(std::move(user_id), type, system_clock().wall_now());
}

std::string Tokens::expired() const {
    WallTime issued = system_clock().wall_now();
    issued.unix_ns -= 25 * kNanosPerHour;  // a token lasts a day
    return sign("1", UserType::kAdmin, issued);
}

std::vector<std::string> Tokens::bad() const {
    const std::string good = of("1", UserType::kAdmin);
    const std::size_t payload = good.find('.') + 1;
    const std::size_t signature = good.rfind('.') + 1;
    const std::string claims = good.substr(payload, signature - payload);  // with its dot
    std::string forged = good;
    forged[signature] = forged[signature] == 'A' ? 'B' : 'A';
    std::string promoted = of("1", UserType::kStandard);
    promoted.replace(promoted.find('.') + 1, promoted.rfind('.') - promoted.find('.'), claims);
    const auto other = platform::auth::TokenKeys::make(kOtherSecret);
    // {"alg":"none"} and {"alg":"None","typ":"JWT"} (RFC 7519 section 6.1), without a signature and with one.
    return {"x",
            "a.b.c",
            forged,
            promoted,
            expired(),
            other->sign(platform::auth::new_claims("1", UserType::kAdmin, system_clock().wall_now())),
            good.substr(0, signature),
            "eyJhbGciOiJub25lIn0." + claims,
            "eyJhbGciOiJub25lIn0." + claims + good.substr(signature),
            "eyJhbGciOiJOb25lIiwidHlwIjoiSldUIn0." + claims};
}

Answer ShopTest::send(const std::string& method, const std::string& path, const std::string& body,
                      const std::string& token, http::Headers headers) {
    fetch::FetchRequest request{.method = method, .headers = std::move(headers), .body = body};
    if (!token.empty()) request.headers.push_back({"authorization", "Bearer " + token});
    return services_.send(service_, path, std::move(request));
}

void ShopTest::expect_failure(int status, const Answer& answer, const std::string& what) const {
    EXPECT_EQ(answer.status, status) << what << ": " << answer.body;
    const char* shape = status == 401 ? shape_.unauthorized : shape_.failure;
    EXPECT_THAT(answer.body, MatchesRegex(shape)) << what;
    EXPECT_EQ(field(answer, "access-control-allow-origin"), "*") << what;
}

void ShopTest::expect_needs_token(const std::string& method, const std::string& path,
                                  const std::string& body) {
    const std::string what = method + ' ' + path;
    const Answer none = send(method, path, body);
    expect_failure(401, none, what + " without a token");
    EXPECT_EQ(field(none, "www-authenticate"), "Bearer realm=\"loadgen\"") << what;
    for (const std::string& token : tokens_.bad()) {
        const Answer refused = send(method, path, body, token);
        expect_failure(401, refused, what + " with " + token);
        EXPECT_THAT(field(refused, "www-authenticate"), StartsWith("Bearer ")) << what;
    }
    const Answer basic = send(method, path, body, {}, {{"authorization", "Basic dXNlcjpwYXNz"}});
    expect_failure(401, basic, what + " with another scheme");
}

void ShopTest::expect_needs_admin(const std::string& method, const std::string& path,
                                  const std::string& body) {
    for (const UserType type : {UserType::kStandard, UserType::kPremium}) {
        expect_failure(403, send(method, path, body, tokens_.of("1", type)), method + ' ' + path);
    }
}

void ShopTest::expect_reads_json(const std::string& method, const std::string& path,
                                 const std::string& token) {
    const std::string what = method + ' ' + path + " with ";
    const std::string deep = "{\"a\":" + std::string(100, '[') + std::string(100, ']') + '}';
    for (const std::string& body : std::vector<std::string>{"", "{", "[]", "7", "null", "\"text\"",
                                                            "{\"a\":}", "{}}", "{\"a\":\"\xff\"}", deep}) {
        expect_failure(400, send(method, path, body, token), what + body);
    }
    const std::string oversize = "{\"x\":\"" + std::string(64 * 1024, 'x') + "\"}";
    expect_failure(413, send(method, path, oversize, token), what + "64 KiB and more");
    expect_failure(415, send(method, path, "{}", token, {{"content-encoding", "gzip"}}), what + "gzip");
}

void ShopTest::expect_invalid(const std::string& method, const std::string& path, const std::string& token,
                              const std::vector<std::string>& bodies) {
    for (const std::string& body : bodies) {
        expect_failure(400, send(method, path, body, token), method + ' ' + path + " with " + body);
    }
}

}  // namespace loadgen::services::shop_test
