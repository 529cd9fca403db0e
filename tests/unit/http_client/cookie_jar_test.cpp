#include "common/http/cookie_jar.hpp"

#include <gtest/gtest.h>

#include "tests/support/alloc_counter.hpp"

namespace loadgen::http {
namespace {

constexpr WallTime kNow{1'600'000'000'000'000'000};
constexpr std::int64_t kSecond = 1'000'000'000;

Url url(std::string_view text) {
    return *parse_url(text);
}

/// A jar and the place where its cookies come from.
struct Fixture : testing::Test {
    CookieJar jar;

    CookieVerdict store(std::string_view from, std::string_view cookie, WallTime now = kNow) {
        return jar.store(url(from), cookie, now);
    }
    std::string sent(std::string_view to, WallTime now = kNow) const {
        std::string out;
        jar.append_cookie_header(out, url(to), now);
        return out;
    }
};

using CookieJarTest = Fixture;

// RFC 6265 section 3.1.
TEST_F(CookieJarTest, FollowsTheExamplesOfTheRfc) {
    EXPECT_EQ(store("https://site.example.com/login", "SID=31d4d96e407aad42"), CookieVerdict::kStored);
    EXPECT_EQ(sent("https://site.example.com/"), "SID=31d4d96e407aad42");
    EXPECT_EQ(sent("https://example.com/"), "");
    EXPECT_EQ(store("https://site.example.com/login", "SID=31d4d96e407aad42; Path=/; Domain=example.com"),
              CookieVerdict::kStored);
    EXPECT_EQ(sent("https://www.example.com/"), "SID=31d4d96e407aad42");
    jar.clear();
    store("https://site.example.com/", "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly");
    store("https://site.example.com/", "lang=en-US; Path=/; Domain=example.com");
    EXPECT_EQ(sent("https://site.example.com/x"), "SID=31d4d96e407aad42; lang=en-US");
    EXPECT_EQ(sent("http://site.example.com/x"), "lang=en-US");
    store("https://site.example.com/",
          "lang=en-US; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Path=/; Domain=example.com");
    EXPECT_EQ(sent("https://site.example.com/x"), "SID=31d4d96e407aad42; lang=en-US");
    EXPECT_EQ(sent("https://site.example.com/x", WallTime{1'623'233'894 * kSecond}), "SID=31d4d96e407aad42");
    EXPECT_EQ(store("https://site.example.com/",
                    "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Path=/; Domain=example.com"),
              CookieVerdict::kRemoved);
    EXPECT_EQ(jar.size(), 1U);
}

TEST_F(CookieJarTest, SendsToTheDomainsThatMatch) {
    store("http://a.b.example/", "host=1");
    store("http://a.b.example/", "domain=2; Domain=.B.Example");
    EXPECT_EQ(sent("http://a.b.example/"), "host=1; domain=2");
    EXPECT_EQ(sent("http://b.example/"), "domain=2");
    EXPECT_EQ(sent("http://c.b.example/"), "domain=2");
    EXPECT_EQ(sent("http://x.a.b.example/"), "domain=2");
    EXPECT_EQ(sent("http://ab.example/"), "");
    EXPECT_EQ(sent("http://a.b.example:8080/"), "host=1; domain=2") << "cookies know no ports";
}

TEST_F(CookieJarTest, RefusesOtherPeoplesDomains) {
    EXPECT_EQ(store("http://a.example/", "x=1; Domain=b.example"), CookieVerdict::kForeignDomain);
    EXPECT_EQ(store("http://a.example/", "x=1; Domain=x.a.example"), CookieVerdict::kForeignDomain);
    EXPECT_EQ(store("http://xa.example/", "x=1; Domain=a.example"), CookieVerdict::kForeignDomain);
    EXPECT_EQ(store("http://a.example/", "x=1; Domain=example"), CookieVerdict::kPublicSuffix);
    EXPECT_EQ(store("http://10.0.0.1/", "x=1; Domain=0.0.1"), CookieVerdict::kForeignDomain);
    EXPECT_TRUE(jar.empty());
}

TEST_F(CookieJarTest, TakesALabelAloneForTheHostItself) {
    EXPECT_EQ(store("http://shop/", "x=1; Domain=shop"), CookieVerdict::kStored);
    EXPECT_EQ(sent("http://shop/"), "x=1");
    EXPECT_EQ(sent("http://sub.shop/"), "");
    EXPECT_EQ(store("http://localhost/", "y=1; Domain=localhost"), CookieVerdict::kStored);
    EXPECT_EQ(sent("http://api.localhost/"), "y=1");
    EXPECT_EQ(store("http://127.0.0.1/", "z=1; Domain=127.0.0.1"), CookieVerdict::kStored);
    EXPECT_EQ(sent("http://127.0.0.1/"), "z=1");
    EXPECT_EQ(store("http://[::1]/", "w=1"), CookieVerdict::kStored);
    EXPECT_EQ(sent("http://[::1]/"), "w=1");
}

TEST_F(CookieJarTest, SendsToThePathsThatMatch) {
    store("http://h.example/a/b/c?d/e", "default=1");
    EXPECT_EQ(sent("http://h.example/a/b"), "default=1");
    EXPECT_EQ(sent("http://h.example/a/b/x?y"), "default=1");
    EXPECT_EQ(sent("http://h.example/a/bc"), "");
    EXPECT_EQ(sent("http://h.example/a?/a/b"), "");
    jar.clear();
    store("http://h.example/x", "root=1");
    store("http://h.example/x", "folder=1; Path=/f/");
    store("http://h.example/x", "relative=1; Path=f");
    EXPECT_EQ(sent("http://h.example/f"), "root=1; relative=1");
    EXPECT_EQ(sent("http://h.example/f/"), "folder=1; root=1; relative=1");
}

// Section 5.4, step 2.
TEST_F(CookieJarTest, OrdersByPathThenByAge) {
    store("http://h.example/", "a=1; Path=/");
    store("http://h.example/", "b=1; Path=/x/y");
    store("http://h.example/", "c=1; Path=/x");
    store("http://h.example/", "d=1; Path=/x/y");
    store("http://h.example/", "a=2; Path=/");
    store("http://h.example/", "e=1; Path=/");
    EXPECT_EQ(sent("http://h.example/x/y"), "b=1; d=1; c=1; a=2; e=1");
}

TEST_F(CookieJarTest, KnowsACookieByNameDomainAndPath) {
    store("http://h.example/", "a=1");
    store("http://h.example/", "a=2; Path=/x");
    store("http://h.example/", "A=3");
    store("http://h.example/", "a=4; Domain=h.example");  // the same as the first
    EXPECT_EQ(sent("http://h.example/x"), "a=2; a=4; A=3");
}

TEST_F(CookieJarTest, ForgetsWhatExpires) {
    EXPECT_EQ(store("http://h.example/", "a=1; Max-Age=10"), CookieVerdict::kStored);
    EXPECT_EQ(sent("http://h.example/", WallTime{kNow.unix_ns + 10 * kSecond - 1}), "a=1");
    EXPECT_EQ(sent("http://h.example/", WallTime{kNow.unix_ns + 10 * kSecond}), "");
    EXPECT_EQ(store("http://h.example/", "a=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
              CookieVerdict::kStored);
    EXPECT_EQ(store("http://h.example/", "b=1; Max-Age=99999999999999999999999999"), CookieVerdict::kStored);
    EXPECT_EQ(sent("http://h.example/"), "a=1; b=1");
    EXPECT_EQ(store("http://h.example/", "a=1; Max-Age=0"), CookieVerdict::kRemoved);
    EXPECT_EQ(store("http://h.example/", "b=1; max-age=-5"), CookieVerdict::kRemoved);
    EXPECT_EQ(sent("http://h.example/"), "");
    store("http://h.example/", "c=1; Max-Age=1x; Expires=never; Max-Age=");
    EXPECT_EQ(sent("http://h.example/", WallTime{kNow.unix_ns * 2}), "c=1");
}

// Section 5.2.
TEST_F(CookieJarTest, ReadsFieldsAsTheyCome) {
    store("http://h.example/",
          " \ta \t= \"b c\" ; ;; secure=no ;PATH = /x;path=/ ; SameSite=Strict; what=ever");
    EXPECT_EQ(sent("http://h.example/"), "");
    EXPECT_EQ(sent("https://h.example/"), "a=\"b c\"");
    jar.clear();
    store("http://h.example/", "a=b=c==");
    store("http://h.example/", "empty=");
    store("http://h.example/", "j={\"k\":[1,2]}");
    EXPECT_EQ(sent("http://h.example/"), "a=b=c==; empty=; j={\"k\":[1,2]}");
    for (const std::string_view bad : {"", ";", "a", "a; b=c", "=b", " =b", "a=b\x01", "a=b; Path=/\x7f"}) {
        EXPECT_EQ(store("http://h.example/", bad), CookieVerdict::kMalformed) << bad;
    }
    EXPECT_EQ(store("http://h.example/", std::string_view("a=\0b", 4)), CookieVerdict::kMalformed);
}

// draft-ietf-httpbis-rfc6265bis section 4.1.3.
TEST_F(CookieJarTest, HoldsPrefixesToTheirPromise) {
    EXPECT_EQ(store("https://h.example/", "__Secure-a=1"), CookieVerdict::kPrefixRule);
    EXPECT_EQ(store("https://h.example/", "__secure-a=1; Secure"), CookieVerdict::kStored);
    EXPECT_EQ(store("https://h.example/", "__Host-a=1; Secure"), CookieVerdict::kPrefixRule);
    EXPECT_EQ(store("https://h.example/", "__Host-a=1; Secure; Path=/; Domain=h.example"),
              CookieVerdict::kPrefixRule);
    EXPECT_EQ(store("https://h.example/", "__Host-a=1; Secure; Path=/"), CookieVerdict::kStored);
    EXPECT_EQ(store("https://h.example/", "__Hosta=1"), CookieVerdict::kStored);
}

TEST_F(CookieJarTest, HasLimits) {
    EXPECT_EQ(store("http://h.example/", "a=" + std::string(4095, 'x')), CookieVerdict::kStored);
    EXPECT_EQ(store("http://h.example/", "a=" + std::string(4096, 'x')), CookieVerdict::kTooLarge);
    EXPECT_EQ(store("http://h.example/", "b=1; Path=/" + std::string(1024, 'x')), CookieVerdict::kStored);
    EXPECT_EQ(sent("http://h.example/").substr(4097), "; b=1") << "a long Path is none";
    jar.clear();
    store("http://h.example/", "kept=1; Path=/");
    store("http://h.example/", "gone=1; Max-Age=1");
    for (int i = 0; i < 49; ++i) {
        store("http://h.example/", "n" + std::to_string(i) + "=1", WallTime{kNow.unix_ns + 2 * kSecond});
    }
    EXPECT_EQ(jar.size(), 50U);
    EXPECT_TRUE(sent("http://h.example/", WallTime{kNow.unix_ns + 2 * kSecond}).starts_with("kept=1; n0=1;"))
        << "the expired one gave way";
    store("http://h.example/", "one_more=1");
    EXPECT_EQ(jar.size(), 50U);
    EXPECT_TRUE(sent("http://h.example/").starts_with("n0=1;")) << "then the oldest";
    for (int i = 0; i < 400; ++i) store("http://h" + std::to_string(i) + ".example/", "a=1");
    EXPECT_EQ(jar.size(), 300U);
    EXPECT_EQ(sent("http://h399.example/"), "a=1");
    EXPECT_EQ(sent("http://h.example/"), "");
}

TEST_F(CookieJarTest, TakesCookiesOfTheScript) {
    const Url target = url("http://h.example/api/users");
    EXPECT_TRUE(jar.set(target, "role", "tester two", kNow));
    EXPECT_TRUE(jar.set(target, "wide", "7; Path=/", kNow));
    EXPECT_EQ(sent("http://h.example/api/orders"), "role=tester two; wide=7");
    EXPECT_EQ(sent("http://h.example/"), "wide=7");
    const auto message = [&](std::string_view name, std::string_view value) {
        const auto done = jar.set(target, name, value, kNow);
        return done ? "" : done.error().message;
    };
    EXPECT_EQ(message("", "1"), "cookie \"\": it needs a name, a '=' and no control characters");
    EXPECT_EQ(message("a=b", "1"), "cookie \"a=b\": it needs a name, a '=' and no control characters");
    EXPECT_EQ(message("a", "1\r\nX: y"), "cookie \"a\": it needs a name, a '=' and no control characters");
    EXPECT_EQ(message("a", "1; Domain=b.example"),
              "cookie \"a\": its Domain is neither the host nor a parent of it");
    EXPECT_EQ(message("a", std::string(4096, 'x')),
              "cookie \"a\": name and value are longer than 4096 bytes");
}

TEST_F(CookieJarTest, SendingDoesNotAllocate) {
    EXPECT_LE(sizeof(CookieJar), 24U);
    store("http://h.example/", "session=0123456789abcdef0123456789abcdef; Path=/");
    store("http://h.example/", "cart=0123456789abcdef0123456789abcdef; Path=/shop");
    const Url target = url("http://h.example/shop/cart");
    std::string out;
    out.reserve(256);
    const test::AllocationScope scope;
    jar.append_cookie_header(out, target, kNow);
    EXPECT_EQ(scope.count(), 0U);
    EXPECT_EQ(out, "cart=0123456789abcdef0123456789abcdef; session=0123456789abcdef0123456789abcdef");
}

}  // namespace
}  // namespace loadgen::http
