// Redirects as Go's client follows them (RFC 9110 section 15.4).
#include "loadgen/engine/exchanges/redirect.hpp"

#include <gtest/gtest.h>

#include "tests/unit/engine/session_driver.hpp"

namespace loadgen::engine::test {
namespace {

std::shared_ptr<const plan::Request> follow(const plan::Request& from, int status,
                                            std::string_view location) {
    auto next = follow_redirect(from, status, location);
    EXPECT_TRUE(next) << next.error().message;
    return *next;
}

TEST(Redirect, FiveStatusesRedirect) {
    for (int status = 100; status < 600; ++status) {
        const bool expected =
            status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        EXPECT_EQ(is_redirect(status), expected) << status;
    }
}

TEST(Redirect, TheMethodAndTheBody) {
    const http::Headers headers{{"Content-Type", "text/plain"}, {"Content-Length", "4"}, {"Accept", "*/*"}};
    const auto post = make_request("POST", "http://h/a", "body", headers);
    for (const int status : {301, 302, 303}) {
        const auto next = follow(*post, status, "/b");
        EXPECT_EQ(next->method, "GET");
        EXPECT_EQ(next->body_text(), "");
        EXPECT_EQ(http::find_header(next->headers, "Content-Type"), nullptr);
        EXPECT_EQ(http::find_header(next->headers, "Content-Length"), nullptr);
        EXPECT_NE(http::find_header(next->headers, "Accept"), nullptr);
        EXPECT_EQ(follow(*make_request("HEAD", "http://h/a"), status, "/b")->method, "HEAD");
    }
    for (const int status : {307, 308}) {
        const auto next = follow(*post, status, "/b");
        EXPECT_EQ(next->method, "POST");
        EXPECT_EQ(next->body_text(), "body");
        EXPECT_NE(http::find_header(next->headers, "Content-Type"), nullptr);
    }
}

TEST(Redirect, TheLocationIsResolvedAgainstTheRequest) {
    const auto from = make_request("GET", "http://h:81/a/b?c");
    EXPECT_EQ(follow(*from, 302, "d")->url.text(), "http://h:81/a/d");
    EXPECT_EQ(follow(*from, 302, "/d")->url.text(), "http://h:81/d");
    EXPECT_EQ(follow(*from, 302, "?e")->url.text(), "http://h:81/a/b?e");
    EXPECT_EQ(follow(*from, 302, "//i/d")->url.text(), "http://i/d");
    EXPECT_EQ(follow(*from, 302, "https://i/d")->url.text(), "https://i/d");
    EXPECT_EQ(follow(*from, 302, "d")->endpoint, from->endpoint) << "statistics stay with the target";
}

TEST(Redirect, CredentialsStayWithTheirHost) {
    const auto from = make_request(
        "GET", "http://h/", "", {{"authorization", "Basic x"}, {"COOKIE", "y"}, {"Host", "z"}, {"A", "1"}});
    EXPECT_EQ(follow(*from, 302, "/b")->headers.size(), 4U);
    for (const char* elsewhere : {"http://other/", "http://h:81/", "//h.example/"}) {
        const auto next = follow(*from, 307, elsewhere);
        ASSERT_EQ(next->headers.size(), 1U) << elsewhere;
        EXPECT_EQ(next->headers[0].name, "A");
    }
}

TEST(Redirect, AnUnusableLocationIsAnError) {
    const auto next = follow_redirect(*make_request("GET", "http://h/"), 302, "ftp://h/");
    ASSERT_FALSE(next);
    EXPECT_TRUE(next.error().message.starts_with("redirect: ")) << next.error().message;
}

}  // namespace
}  // namespace loadgen::engine::test
