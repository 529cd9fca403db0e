#include "services/platform/router.hpp"

#include <gtest/gtest.h>

#include "tests/unit/services_platform/fake_call.hpp"

namespace loadgen::services::platform::test {
namespace {

class RouterTest : public ::testing::Test {
  protected:
    RouterTest() {
        add("GET", "/hello/{username}");
        add("PUT", "/hello/{username}");
        add("GET", "/hello/world");
        add("GET", "/");
        add("POST", "/orders/{id}/items/{item}");
    }

    void add(std::string_view method, std::string_view pattern) {
        router_.add(method, pattern,
                    [this, name = std::string(method) + ' ' + std::string(pattern)](const CallPtr&) {
                        taken_ = name;
                    });
    }

    /// The route that was taken, or why none was.
    std::string route(std::string method, std::string target) {
        call_ = keeper_.call(std::move(method), std::move(target));
        const Router::Match match = router_.find(*call_);
        switch (match.outcome) {
            case Router::Outcome::kFound:
                (*match.handler)(call_);
                return taken_;
            case Router::Outcome::kNoSuchPath:
                return "no path";
            case Router::Outcome::kNoSuchMethod:
                return "allow " + match.allow;
            case Router::Outcome::kBadEncoding:
                return "bad encoding";
        }
        return {};
    }

    Router router_;
    AnswerKeeper keeper_;
    CallPtr call_;
    std::string taken_;
};

TEST_F(RouterTest, CapturesSegments) {
    EXPECT_EQ(route("GET", "/hello/foo"), "GET /hello/{username}");
    EXPECT_EQ(call_->parameter("username"), "foo");
    EXPECT_EQ(call_->parameter("other"), "");
    EXPECT_EQ(route("POST", "/orders/7/items/x"), "POST /orders/{id}/items/{item}");
    EXPECT_EQ(call_->parameter("id"), "7");
    EXPECT_EQ(call_->parameter("item"), "x");
}

TEST_F(RouterTest, LiteralsWinOverNames) {
    EXPECT_EQ(route("GET", "/hello/world"), "GET /hello/world");
    EXPECT_EQ(route("GET", "/hello/worlds"), "GET /hello/{username}");
}

TEST_F(RouterTest, LeavesTheQueryOut) {
    EXPECT_EQ(route("GET", "/hello/foo?x=/y/z"), "GET /hello/{username}");
    EXPECT_EQ(call_->parameter("username"), "foo");
    EXPECT_EQ(route("GET", "/?a"), "GET /");
}

TEST_F(RouterTest, DecodesEachSegmentByItself) {
    EXPECT_EQ(route("GET", "/%68ello/f%6F%2fo"), "GET /hello/{username}");
    EXPECT_EQ(call_->parameter("username"), "fo/o");
    for (const char* bad : {"/hello/%", "/hello/%4", "/hello/%zz", "/hello/a%"}) {
        EXPECT_EQ(route("GET", bad), "bad encoding") << bad;
    }
}

TEST_F(RouterTest, AnswersHeadFromGet) {
    EXPECT_EQ(route("HEAD", "/hello/foo"), "GET /hello/{username}");
}

TEST_F(RouterTest, NamesTheMethodsThatAPathHas) {
    EXPECT_EQ(route("DELETE", "/hello/foo"), "allow GET, HEAD, PUT");
    EXPECT_EQ(route("GET", "/orders/7/items/x"), "allow POST");
    EXPECT_EQ(route("get", "/"), "allow GET, HEAD");  // methods are case-sensitive
}

TEST_F(RouterTest, KnowsNoOtherPaths) {
    for (const char* path :
         {"/hello", "/hello/", "/hello/foo/", "/hello/foo/bar", "//", "/Hello/foo", "*", "", "hello"}) {
        EXPECT_EQ(route("GET", path), "no path") << path;
    }
}

TEST_F(RouterTest, TakesThePathOfAnAbsoluteTarget) {
    EXPECT_EQ(route("GET", "http://host:80/hello/foo?q"), "GET /hello/{username}");
    EXPECT_EQ(route("GET", "http://host"), "GET /");
    EXPECT_EQ(route("GET", "http://host?q"), "GET /");
}

}  // namespace
}  // namespace loadgen::services::platform::test
