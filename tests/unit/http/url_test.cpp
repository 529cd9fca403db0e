#include "common/http/url.hpp"

#include <gtest/gtest.h>

namespace loadgen::http {
namespace {

std::string normal(std::string_view text) {
    const auto url = parse_url(text);
    return url ? url->text() : url.error().message;
}

TEST(Url, SplitsItsParts) {
    const auto url = parse_url("HTTPS://user:p%40ss@Example.COM:8443/a/b?c=d#e");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->scheme, "https");
    EXPECT_TRUE(url->tls());
    EXPECT_EQ(url->user_info, "user:p@ss");
    EXPECT_EQ(url->host, "example.com");
    EXPECT_EQ(url->port, 8443);
    EXPECT_EQ(url->path_and_query, "/a/b?c=d");
    EXPECT_EQ(url->authority(), "example.com:8443");
    EXPECT_EQ(url->text(), "https://example.com:8443/a/b?c=d");
}

TEST(Url, KnowsTheDefaultPorts) {
    EXPECT_EQ(parse_url("http://h")->port, 80);
    EXPECT_EQ(parse_url("https://h")->port, 443);
    EXPECT_EQ(normal("http://h:80"), "http://h/");
    EXPECT_EQ(normal("https://h:443/"), "https://h/");
    EXPECT_EQ(normal("http://h:443/"), "http://h:443/");
    EXPECT_EQ(normal("http://h:/"), "http://h/");
}

TEST(Url, KnowsIpv6) {
    const auto url = parse_url("http://[2001:DB8::1]:8080/x");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "2001:db8::1");
    EXPECT_EQ(url->authority(), "[2001:db8::1]:8080");
    const auto zone = parse_url("http://[fe80::1%25eth0]/");
    ASSERT_TRUE(zone);
    EXPECT_EQ(zone->host, "fe80::1%eth0");
    EXPECT_EQ(zone->authority(), "[fe80::1]");
}

TEST(Url, EncodesWhatMayNotStandRaw) {
    EXPECT_EQ(normal("http://h/a b\"<>\\^`{|}?c d=\xc3\xa9"),
              "http://h/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D?c%20d=%C3%A9");
    EXPECT_EQ(normal("http://h/%41%zz%4"), "http://h/%41%25zz%254");
    EXPECT_EQ(normal("http://h/a[1]?b[]=c&d='!$()*+,;:@/?~-._"), "http://h/a[1]?b[]=c&d='!$()*+,;:@/?~-._");
    EXPECT_EQ(normal("http://h?q"), "http://h/?q");
    EXPECT_EQ(normal("http://h#f"), "http://h/");
    EXPECT_EQ(normal("http://h/../a/./b"), "http://h/../a/./b");
}

TEST(Url, SaysWhatIsWrong) {
    const std::pair<std::string_view, std::string_view> expected[] = {
        {"ftp://x", "bad URL \"ftp://x\": scheme must be http or https"},
        {"example.com/x", "bad URL \"example.com/x\": it must start with http:// or https://"},
        {"", "bad URL \"\": it must start with http:// or https://"},
        {"http:/x", "bad URL \"http:/x\": \"//\" must follow the scheme"},
        {"http://", "bad URL \"http://\": the host is missing"},
        {"http:///path", "bad URL \"http:///path\": the host is missing"},
        {"http://:80/", "bad URL \"http://:80/\": the host is missing"},
        {"http://h:0/", "bad URL \"http://h:0/\": the port must be a number from 1 to 65535"},
        {"http://h:65536/", "bad URL \"http://h:65536/\": the port must be a number from 1 to 65535"},
        {"http://h:8o/", "bad URL \"http://h:8o/\": the port must be a number from 1 to 65535"},
        {"http://h:-1/", "bad URL \"http://h:-1/\": the port must be a number from 1 to 65535"},
        {"http://::1/", "bad URL \"http://::1/\": the host is missing"},
        {"http://fe80::1/", "bad URL \"http://fe80::1/\": an IPv6 address needs brackets"},
        {"http://[::1/", "bad URL \"http://[::1/\": the ']' behind the IPv6 address is missing"},
        {"http://[1.2.3.4]/", "bad URL \"http://[1.2.3.4]/\": the part in brackets is not an IPv6 address"},
        {"http://[::1]x/", "bad URL \"http://[::1]x/\": only ':port' may follow the ']'"},
        {"http://a b/",
         "bad URL \"http://a b/\": the host may hold letters, digits, '-', '.', '_' and '~' only"},
        {"http://b\xc3\xbc"
         "cher.de/",
         "bad URL \"http://b\\xc3\\xbc"
         "cher.de/\": the host must be ASCII (write the xn-- form)"},
        {"http://h/a\nb", "bad URL \"http://h/a\\x0ab\": control character at byte 11"},
        {"http://u:se cret@h/",
         "bad URL \"http://***@h/\": the user and password hold a character that must be percent-encoded"},
        {"http://u:secret@h:x/", "bad URL \"http://***@h:x/\": the port must be a number from 1 to 65535"},
    };
    for (const auto& [text, message] : expected) EXPECT_EQ(normal(text), message);
}

TEST(Url, TakesTheRoomOfAnotherAndNothingElseOfIt) {
    Url url = parse_url("https://ann:secret@[::1]:8443/a/long/path?with=a&query=too").value();
    ASSERT_TRUE(parse_url("http://Other.example/b", url));
    EXPECT_EQ(url.text(), "http://other.example/b");
    EXPECT_EQ(url.user_info, "");
    EXPECT_EQ(url.port, 80);
}

TEST(Url, HasALimit) {
    const std::string text = "http://h/" + std::string(70'000, 'a');
    const auto url = parse_url(text);
    ASSERT_FALSE(url);
    EXPECT_EQ(url.error().code, ErrorCode::kLimit);
    EXPECT_LT(url.error().message.size(), 250U);
    EXPECT_FALSE(parse_url("http://" + std::string(256, 'a') + "/"));
}

// The table of RFC 3986 section 5.4, with http for its scheme.
TEST(Url, ResolvesTheExamplesOfTheRfc) {
    const Url base = *parse_url("http://a/b/c/d;p?q");
    const std::pair<std::string_view, std::string_view> expected[] = {
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g/"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q"},
        {"g#s", "http://a/b/c/g"},
        {"g?y#s", "http://a/b/c/g?y"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"g;x?y#s", "http://a/b/c/g;x?y"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
    };
    for (const auto& [reference, target] : expected) {
        const auto url = resolve_url(base, reference);
        ASSERT_TRUE(url) << reference;
        EXPECT_EQ(url->text(), target) << reference;
    }
}

TEST(Url, ResolvesToOtherServers) {
    const Url base = *parse_url("https://u:p@a:8443/b");
    EXPECT_EQ(resolve_url(base, "http://c/d/../e")->text(), "http://c/e");
    EXPECT_EQ(resolve_url(base, "//c/d")->text(), "https://c/d");
    EXPECT_EQ(resolve_url(base, "c:d").error().message, "bad URL \"c:d\": scheme must be http or https");
    EXPECT_EQ(resolve_url(base, "/x")->text(), "https://a:8443/x");
    EXPECT_EQ(resolve_url(base, "/x")->user_info, "u:p");
    EXPECT_EQ(resolve_url(base, "//c/d")->user_info, "");
    EXPECT_FALSE(resolve_url(base, "/a\r\nb"));
}

TEST(PercentEncode, KeepsTheUnreservedAndNothingElse) {
    EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
    EXPECT_EQ(percent_encode("a b/c?d%\xC3\xA9"), "a%20b%2Fc%3Fd%25%C3%A9");
    EXPECT_EQ(percent_encode(""), "");
}

}  // namespace
}  // namespace loadgen::http
