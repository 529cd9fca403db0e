#include "services/platform/auth/tokens.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "common/base/encoding.hpp"
#include "services/platform/auth/user_id.hpp"

namespace loadgen::services::platform::auth {
namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr std::int64_t kIssued = 1'700'000'000;
constexpr std::int64_t kExpires = 1'700'086'400;
// Made by PyJWT 2.6.0 with the secret and times above.
constexpr std::string_view kPeerToken =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJzdWIiOiIxNTY4NDM3OTY0ODU3MzQ4MTU2NCIsInVzZXJfdHlwZSI6IlBSRU1JVU0iLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcw"
    "MDA4"
    "NjQwMH0.meu7c4ua7DXdOPKZCmQJq9XGUrWdajJvXR21sCn5JYI";
constexpr std::string_view kPeerHs512 =
    "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9."
    "eyJzdWIiOiIxIiwidXNlcl90eXBlIjoiQURNSU4iLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDA4NjQwMH0.3l2FJIfo8xfp_9C-"
    "GvdvkbHgQNpoc3lvXl7Vv3W76NninKt8Eknly93sWfi2VrCv7b68BoFNa2jSXFtIVBv2nA";
constexpr std::string_view kPeerNone =
    "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0."
    "eyJzdWIiOiIxIiwidXNlcl90eXBlIjoiQURNSU4iLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDA4NjQwMH0.";

constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view kPayload = R"({"sub":"1","user_type":"ADMIN","iat":1700000000,"exp":1700086400})";

WallTime at(std::int64_t seconds) {
    return {seconds * 1'000'000'000};
}

TokenKeys keys(std::string_view secret = kSecret) {
    return std::move(*TokenKeys::make(secret));
}

std::string url64(std::string_view bytes) {
    std::string text = to_base64(bytes);
    text.erase(text.find_last_not_of('=') + 1);
    for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

std::string hmac(std::string_view text, std::string_view secret = kSecret) {
    unsigned char digest[32];
    unsigned int size = 0;
    ::HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
    return url64({reinterpret_cast<const char*>(digest), size});
}

/// A token with a true signature over whatever is given.
std::string signed_token(std::string_view header, std::string_view payload) {
    const std::string text = url64(header) + '.' + url64(payload);
    return text + '.' + hmac(text);
}

std::string why(std::string_view token, std::int64_t now = kIssued) {
    const auto claims = keys().verify(token, at(now));
    return claims ? "accepted" : claims.error().message;
}

TEST(Tokens, AreTheBytesThatPyJwtMakes) {
    const Claims claims{"15684379648573481564", UserType::kPremium, kIssued, kExpires};
    EXPECT_EQ(keys().sign(claims), kPeerToken);
    EXPECT_EQ(*keys().verify(kPeerToken, at(kIssued)), claims);
}

TEST(Tokens, NewClaimsLastADay) {
    EXPECT_EQ(new_claims("7", UserType::kStandard, at(kIssued)),
              (Claims{"7", UserType::kStandard, kIssued, kExpires}));
}

// RFC 7515 appendix A.1: its signature holds (what is missing is a sub), and holds no more when one bit
// differs.
TEST(Tokens, TheSignatureOfTheStandardsExampleHolds) {
    const std::string secret = *from_base64(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow==");
    std::string token =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    EXPECT_EQ(keys(secret).verify(token, at(1'300'819'000)).error().message,
              "token refused: it has no usable sub");
    token.back() = 'Q';
    EXPECT_EQ(keys(secret).verify(token, at(1'300'819'000)).error().message,
              "token refused: the signature does not match");
}

struct TokenCase {
    const char* name;
    std::string token;
    std::string why;
};

class RefusedTokens : public ::testing::TestWithParam<TokenCase> {};

TEST_P(RefusedTokens, SayWhy) {
    EXPECT_EQ(why(GetParam().token), "token refused: " + GetParam().why);
}

std::string with_payload(std::string_view payload) {
    return signed_token(kHeader, payload);
}

std::string peer_with(std::size_t place, char c) {
    std::string token(kPeerToken);
    token[place] = c;
    return token;
}

const TokenCase kForm[] = {
    {"Empty", "", "it has not three parts"},
    {"OneDot", "a.b", "it has not three parts"},
    {"ThreeDots", std::string(kPeerToken) + ".x", "it has not three parts"},
    {"Huge", std::string(5000, 'a'), "it is too long"},
    {"HugeButTrue", with_payload("{\"sub\":\"" + std::string(4000, 'a') + "\"}"), "it is too long"},
    {"None", std::string(kPeerNone), "the signature does not match"},
    {"Hs512", std::string(kPeerHs512), "the signature does not match"},
    {"ForgedSignature", peer_with(kPeerToken.size() - 2, 'J'), "the signature does not match"},
    {"ForgedPayload", peer_with(60, 'A'), "the signature does not match"},
    {"OtherSecret",
     url64(kHeader) + '.' + url64(kPayload) + '.' +
         hmac(url64(kHeader) + '.' + url64(kPayload), "ffffffffffffffffffffffffffffffff"),
     "the signature does not match"},
    {"PaddedSignature", std::string(kPeerToken) + "=", "the signature does not match"},
    {"LooseSignature", peer_with(kPeerToken.size() - 1, 'J'), "the signature does not match"},
    {"ShortSignature", std::string(kPeerToken.substr(0, kPeerToken.size() - 2)),
     "the signature does not match"},
    {"NoSignature", url64(kHeader) + '.' + url64(kPayload) + '.', "the signature does not match"},
};
INSTANTIATE_TEST_SUITE_P(Form, RefusedTokens, ::testing::ValuesIn(kForm),
                         [](const auto& tested) { return std::string(tested.param.name); });

// All of these carry a true signature.
const TokenCase kContent[] = {
    {"AlgNone", signed_token(R"({"alg":"none"})", kPayload), "its algorithm is not HS256"},
    {"AlgLowerCase", signed_token(R"({"alg":"hs256"})", kPayload), "its algorithm is not HS256"},
    {"AlgRs256", signed_token(R"({"alg":"RS256"})", kPayload), "its algorithm is not HS256"},
    {"AlgMissing", signed_token(R"({"typ":"JWT"})", kPayload), "its algorithm is not HS256"},
    {"AlgTwice", signed_token(R"({"alg":"HS256","alg":"HS256"})", kPayload), "the header has a member twice"},
    {"AlgTwiceEscaped", signed_token(R"({"alg":"HS256","\u0061lg":"none"})", kPayload),
     "the header has a member twice"},
    {"Critical", signed_token(R"({"alg":"HS256","crit":["exp"]})", kPayload), "it has critical extensions"},
    {"OtherType", signed_token(R"({"alg":"HS256","typ":"at+jwt"})", kPayload), "its type is not JWT"},
    {"HeaderNoObject", signed_token("[]", kPayload), "the header is not a JSON object"},
    {"HeaderNoJson", signed_token("{", kPayload), "the header is not a JSON object"},
    {"PayloadNoObject", with_payload("\"x\""), "the payload is not a JSON object"},
    {"PayloadPadded", url64(kHeader) + ".e30=." + hmac(url64(kHeader) + ".e30="),
     "the payload is not base64url"},
    {"PayloadStrayBits", url64(kHeader) + ".e31." + hmac(url64(kHeader) + ".e31"),
     "the payload is not base64url"},
    {"SubTwice", with_payload(R"({"sub":"1","sub":"2","user_type":"ADMIN","iat":1,"exp":1700086400})"),
     "the payload has a member twice"},
    {"ExpTwice", with_payload(R"({"sub":"1","user_type":"ADMIN","exp":1700086400,"exp":1800000000})"),
     "the payload has a member twice"},
    {"NoSub", with_payload(R"({"user_type":"ADMIN","exp":1700086400})"), "it has no usable sub"},
    {"SubNumber", with_payload(R"({"sub":1,"user_type":"ADMIN","exp":1700086400})"), "it has no usable sub"},
    {"SubEmpty", with_payload(R"({"sub":"","user_type":"ADMIN","exp":1700086400})"), "it has no usable sub"},
    {"NoType", with_payload(R"({"sub":"1","exp":1700086400})"), "it has no usable user_type"},
    {"StrangeType", with_payload(R"({"sub":"1","user_type":"ROOT","exp":1700086400})"),
     "it has no usable user_type"},
    {"NoExp", with_payload(R"({"sub":"1","user_type":"ADMIN","iat":1700000000})"), "it has no exp"},
    {"ExpText", with_payload(R"({"sub":"1","user_type":"ADMIN","exp":"1700086400"})"), "exp is not a time"},
    {"ExpNegative", with_payload(R"({"sub":"1","user_type":"ADMIN","exp":-1})"), "exp is not a time"},
    {"ExpHuge", with_payload(R"({"sub":"1","user_type":"ADMIN","exp":1e300})"), "exp is not a time"},
    {"ExpNull", with_payload(R"({"sub":"1","user_type":"ADMIN","exp":null})"), "exp is not a time"},
    {"IatAfterExp", with_payload(R"({"sub":"1","user_type":"ADMIN","iat":1700000020,"exp":1700000010})"),
     "it expired before it was issued"},
    {"NotYet", with_payload(R"({"sub":"1","user_type":"ADMIN","nbf":1700000031,"exp":1700086400})"),
     "it is not valid yet"},
};
INSTANTIATE_TEST_SUITE_P(Content, RefusedTokens, ::testing::ValuesIn(kContent),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Tokens, TakeWhatIsMerelyUnusual) {
    EXPECT_EQ(why(signed_token(R"({"alg":"HS256"})", kPayload)), "accepted");
    EXPECT_EQ(why(signed_token(R"({"typ":"jwt","alg":"HS256","kid":"1"})", kPayload)), "accepted");
    EXPECT_EQ(why(with_payload(R"({"sub":"1","user_type":"admin","exp":1700086400.75,"aud":["x","x"]})")),
              "accepted");
    EXPECT_EQ(why(with_payload(R"({"sub":"1","user_type":"ADMIN","nbf":1700000030,"exp":1700086400})")),
              "accepted");
}

TEST(Tokens, TimesHaveALeewayOfHalfAMinute) {
    EXPECT_EQ(why(kPeerToken, kExpires + kClockLeewaySeconds - 1), "accepted");
    EXPECT_EQ(why(kPeerToken, kExpires + kClockLeewaySeconds), "token refused: it has expired");
    EXPECT_EQ(why(kPeerToken, kIssued - kClockLeewaySeconds), "accepted");
    EXPECT_EQ(why(kPeerToken, kIssued - kClockLeewaySeconds - 1),
              "token refused: it was issued in the future");
}

TEST(Tokens, ShortSecretsAreRefused) {
    const auto made = TokenKeys::make("too short");
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().message, "the token secret has 9 bytes; it needs at least 32");
}

std::string bearer(const http::Headers& headers) {
    const auto token = bearer_token(headers);
    if (!token) return "error: " + token.error().message;
    return *token ? std::string(**token) : "none";
}

TEST(BearerToken, IsReadInAnyCase) {
    EXPECT_EQ(bearer({}), "none");
    EXPECT_EQ(bearer({{"Authorization", "Bearer abc"}}), "abc");
    EXPECT_EQ(bearer({{"authorization", "bEaReR   abc"}}), "abc");
    EXPECT_EQ(bearer({{"AUTHORIZATION", "Basic abc"}}), "error: the Authorization scheme is not Bearer");
    EXPECT_EQ(bearer({{"Authorization", "abc"}}), "error: the Authorization scheme is not Bearer");
    EXPECT_EQ(bearer({{"Authorization", "Bearerabc"}}), "error: the Authorization scheme is not Bearer");
    EXPECT_EQ(bearer({{"Authorization", "Bearer"}}), "error: the bearer token is empty");
    EXPECT_EQ(bearer({{"Authorization", "Bearer  "}}), "error: the bearer token is empty");
    EXPECT_EQ(bearer({{"Authorization", "Bearer a"}, {"authorization", "Bearer b"}}),
              "error: Authorization is there twice");
}

// Computed with the library of the sample that the set re-implements.
TEST(UserId, IsTheSamplesHash) {
    EXPECT_EQ(user_id_of("TEST@TEST.COM"), "15684379648573481564");
    EXPECT_EQ(user_id_of("admin@serverless-sample.com"), "18309974441104998442");
    EXPECT_EQ(user_id_of("User@Example.com"), "2690990198362561843");
    EXPECT_EQ(user_id_of("2690990198362561843"), "2690990198362561843");
    EXPECT_EQ(user_id_of(""), "");
}

}  // namespace
}  // namespace loadgen::services::platform::auth
