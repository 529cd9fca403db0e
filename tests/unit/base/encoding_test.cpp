#include "common/base/encoding.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace loadgen {
namespace {

using namespace std::string_literals;

class Rfc4648 : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(Rfc4648, BothWays) {
    EXPECT_EQ(to_base64(GetParam().first), GetParam().second);
    EXPECT_EQ(from_base64(GetParam().second), GetParam().first);
}

// RFC 4648 section 10, and the bytes of section 9.
INSTANTIATE_TEST_SUITE_P(Vectors, Rfc4648,
                         testing::Values(std::pair{""s, ""s}, std::pair{"f"s, "Zg=="s},
                                         std::pair{"fo"s, "Zm8="s}, std::pair{"foo"s, "Zm9v"s},
                                         std::pair{"foob"s, "Zm9vYg=="s}, std::pair{"fooba"s, "Zm9vYmE="s},
                                         std::pair{"foobar"s, "Zm9vYmFy"s},
                                         std::pair{"\x14\xfb\x9c\x03\xd9\x7e"s, "FPucA9l+"s},
                                         std::pair{"\x14\xfb\x9c\x03\xd9"s, "FPucA9k="s},
                                         std::pair{"\x14\xfb\x9c\x03"s, "FPucAw=="s},
                                         std::pair{"\0"s, "AA=="s}, std::pair{"\xff\xff\xff"s, "////"s}));

class NotBase64 : public testing::TestWithParam<std::string> {};

TEST_P(NotBase64, IsRefused) {
    EXPECT_EQ(from_base64(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Strict, NotBase64,
                         testing::Values("Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v\n", "Zm 9", "Zm9*",
                                         "Zm9-", "Zm9_", "=Zm9",
                                         "Zg==Zg==", "Zh==", "Zm9=", "Zm9v=", "\xc3\xa4g="));

TEST(Encoding, EveryByteSurvives) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        const std::string part = bytes.substr(0, length);
        EXPECT_EQ(from_base64(to_base64(part)), part);
    }
}

TEST(Encoding, AppendLeavesWhatIsThere) {
    std::string out = "x=";
    append_base64(out, "foo");
    EXPECT_EQ(out, "x=Zm9v");
}

TEST(Encoding, HexIsLowerCaseAndTwoDigitsAByte) {
    EXPECT_EQ(to_hex("\x00\x0f\xa0\xff"s), "000fa0ff");
    EXPECT_EQ(to_hex(""), "");
}

// The header of RFC 7515 appendix A.1.
TEST(Encoding, Base64OfTokensHasNoPadding) {
    const std::string header = "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}";
    EXPECT_EQ(to_base64_url(header), "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9");
    EXPECT_EQ(to_base64_url("\xfb\xff\xfe"), "-__-");
    EXPECT_EQ(to_base64_url("f"), "Zg");
    EXPECT_EQ(from_base64_url("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"), header);
    EXPECT_EQ(from_base64_url("-__-"), "\xfb\xff\xfe");
    EXPECT_EQ(from_base64_url("Zm8"), "fo");
    EXPECT_EQ(from_base64_url(""), "");
}

TEST(Encoding, Base64OfTokensHasOneFormOnly) {
    for (const char* text : {"Zg==", "Z", "Zh", "Zm9", "+__-", "-//-", "Zm9v\n", "Zm 9", "\xc3\xa4g"})
        EXPECT_EQ(from_base64_url(text), std::nullopt) << text;
}

TEST(Encoding, HexValuesOfBothCases) {
    const std::string digits = "0123456789abcdef";
    for (int value = 0; value < 16; ++value)
        EXPECT_EQ(hex_value(digits[static_cast<std::size_t>(value)]), value);
    for (const char c : "ABCDEF"s) EXPECT_EQ(hex_value(c), c - 'A' + 10);
    for (const char c : "gG@`/: \x00\x10\xe1"s) EXPECT_EQ(hex_value(c), -1) << static_cast<int>(c);
}

// RFC 3986 section 2: the unreserved characters, and two digits in upper case for each byte of the rest.
TEST(Encoding, PercentEncoding) {
    EXPECT_EQ(percent_encode("AZaz09-._~", "-._~"), "AZaz09-._~");
    EXPECT_EQ(percent_encode("a b/c?d%\xC3\xA9", "-._~"), "a%20b%2Fc%3Fd%25%C3%A9");
    EXPECT_EQ(percent_encode("a/b", "/"), "a/b");
    EXPECT_EQ(percent_decode("a%20b%2fc%3Fd%25%C3%A9"), "a b/c?d%\xC3\xA9");
    EXPECT_EQ(percent_decode("a+b"), "a+b");
    for (const char* text : {"%", "%4", "a%4", "%4g", "%g4", "%%41"})
        EXPECT_EQ(percent_decode(text), std::nullopt) << text;
}

}  // namespace
}  // namespace loadgen
