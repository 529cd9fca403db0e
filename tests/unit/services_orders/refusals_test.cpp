#include <gmock/gmock.h>

#include "tests/unit/services_orders/live.hpp"

namespace loadgen::services::orders::test {
namespace {

using ::testing::HasSubstr;

std::string order_of(const std::vector<std::string>& products) {
    std::string body = R"({"products":[)";
    for (std::size_t i = 0; i < products.size(); ++i)
        body.append(i == 0 ? "" : ",").append("\"").append(products[i]).append("\"");
    return body + "]}";
}

std::string many_products(int count) {
    std::vector<std::string> products;
    for (int i = 0; i < count; ++i) products.push_back("P" + std::to_string(i));
    return order_of(products);
}

TEST_F(LiveOrders, RefusesProductsThatBreakTheRules) {
    struct Case {
        std::string body;
        std::string field;
        std::string problem;
    };
    const std::string ids = "must have ids of 1 to 50 letters, digits, '-' or '_'";
    for (const Case& wrong : {
             Case{"{}", "products", "is required"},
             Case{R"({"products":null})", "products", "is required"},
             Case{R"({"Products":["LATTE"]})", "products", "is required"},
             Case{R"({"products":"LATTE"})", "products", "must be an array"},
             Case{R"({"products":{}})", "products", "must be an array"},
             Case{R"({"products":[]})", "products", "must have 1 to 50 elements"},
             Case{many_products(51), "products", "must have 1 to 50 elements"},
             Case{R"({"products":[7]})", "products[0]", "must be a string"},
             Case{R"({"products":["LATTE",null]})", "products[1]", "must be a string"},
             Case{order_of({"LATTE", "LATTE"}), "products", "must not name a product twice"},
             Case{order_of({"FLAT WHITE"}), "products", ids},
             Case{order_of({"LATTE", "A/B"}), "products", ids},
             Case{order_of({std::string(51, 'x')}), "products", ids},
             Case{order_of({""}), "products[0]", "must have 1 to 1000 characters"},
         }) {
        const auto answer = ask("POST", "/orders", wrong.body, token("1"));
        EXPECT_EQ(answer.status, 400) << wrong.body;
        EXPECT_EQ(member(answer.body, "error"), "VALIDATION_ERROR") << wrong.body;
        EXPECT_THAT(member(answer.body, "validationErrors." + wrong.field + ".0"), HasSubstr(wrong.problem))
            << answer.body;
        EXPECT_EQ(member(answer.body, "correlationId"), field(answer, "x-correlation-id"));
    }
    EXPECT_EQ(ask("POST", "/orders", many_products(50), token("1")).status, 201);
    EXPECT_EQ(ask("POST", "/orders", order_of({std::string(50, 'x')}), token("1")).status, 201);
    EXPECT_EQ(ask("POST", "/orders", R"({"products":["A"],"more":{"x":[1]}})", token("1")).status, 201);
}

TEST_F(LiveOrders, RefusesBodiesThatAreNoJsonObject) {
    for (const char* body : {"", "{", "{]", "products=LATTE", R"({"products":["LATTE"])",
                             R"({"products":["LATTE"]} x)", "{\"products\":[\"\xff\"]}", "[]", "null", "7",
                             R"("LATTE")", R"({"products":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]})"}) {
        const auto answer = ask("POST", "/orders", body, token("1"));
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(member(answer.body, "error"), "BAD_REQUEST") << answer.body;
        EXPECT_EQ(member(answer.body, "correlationId"), field(answer, "x-correlation-id"));
    }
    const auto long_body =
        ask("POST", "/orders", R"({"products":[")" + std::string(64 * 1024, 'x') + R"("]})", token("1"));
    EXPECT_EQ(long_body.status, 413);
    EXPECT_EQ(member(long_body.body, "errorCode"), "CONTENT_TOO_LARGE");
    fetch::FetchRequest form{.method = "POST", .body = std::string(kOneProduct)};
    form.headers = {{"Authorization", "Bearer " + token("1")}, {"Content-Type", "text/plain"}};
    EXPECT_EQ(services_.send("orders", "/orders", form).status, 201);  // whatever the body is called
    form.headers[1] = {"Content-Encoding", "gzip"};
    EXPECT_EQ(services_.send("orders", "/orders", form).status, 415);
    EXPECT_EQ(look_up("SELECT COUNT(*) FROM orders"), "1");
}

TEST_F(LiveOrders, EveryRouteButHealthWantsAToken) {
    const auto other_keys = platform::auth::TokenKeys::make(std::string(32, 'k'));
    const WallTime now = system_clock().wall_now();
    const std::string forged = other_keys->sign(platform::auth::new_claims("1", UserType::kAdmin, now));
    const std::string good = token("1");
    const std::string payload = good.substr(good.find('.'), good.rfind('.') - good.find('.') + 1);
    const std::string none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0" + payload;  // {"alg":"none","typ":"JWT"}
    const std::string expired = services_.token_of("1", UserType::kStandard, -2 * 86'400);
    for (const auto& [method, path] :
         {std::pair{"POST", "/orders"}, std::pair{"GET", "/orders"}, std::pair{"GET", "/orders/confirmed"},
          std::pair{"GET", "/orders/x"}, std::pair{"POST", "/orders/x/complete"}}) {
        for (const std::string& bad :
             {std::string(), forged, none, expired, std::string("junk"), good + "x"}) {
            const auto answer =
                ask(method, path, method[0] == 'P' ? std::string(kOneProduct) : std::string(), bad);
            EXPECT_EQ(answer.status, 401) << method << ' ' << path << ' ' << bad;
            EXPECT_THAT(field(answer, "www-authenticate"), HasSubstr("Bearer"));
            EXPECT_EQ(member(answer.body, "errorCode"), "UNAUTHORIZED");
        }
    }
    EXPECT_EQ(look_up("SELECT COUNT(*) FROM orders"), "0");
}

TEST_F(LiveOrders, OnlyAdministratorsListAndComplete) {
    const std::string id = order("1");
    for (const UserType type : {UserType::kStandard, UserType::kPremium}) {
        const auto listed = ask("GET", "/orders/confirmed", {}, token("1", type));
        const auto completed = ask("POST", "/orders/" + id + "/complete",
                                   R"({"orderId":")" + id + R"(","userId":"1"})", token("1", type));
        for (const auto& answer : {listed, completed}) {
            EXPECT_EQ(answer.status, 403);
            EXPECT_EQ(field(answer, "content-type"), "application/problem+json");
            EXPECT_EQ(member(answer.body, "errorCode"), "FORBIDDEN");
            EXPECT_EQ(member(answer.body, "correlationId"), field(answer, "x-correlation-id"));
        }
    }
}

TEST_F(LiveOrders, RefusesIdsOutsideTheirAlphabet) {
    for (const std::string& id : {std::string(101, 'x'), std::string("a%20b"), std::string("a.b"),
                                  std::string("a%00"), std::string("caf%C3%A9"), std::string("a%2Fb")}) {
        const auto answer = ask("GET", "/orders/" + id, {}, token("1"));
        EXPECT_EQ(answer.status, 400) << id;
        EXPECT_EQ(member(answer.body, "error"), "VALIDATION_ERROR");
        EXPECT_EQ(member(answer.body, "validationErrors.orderId.0"),
                  "must have 1 to 100 letters, digits, '-' or '_'");
    }
    EXPECT_EQ(ask("GET", "/orders/a%zz", {}, token("1")).status, 400);
    EXPECT_EQ(ask("GET", "/orders/" + std::string(100, 'x'), {}, token("1")).status, 404);
}

TEST_F(LiveOrders, CompletionIsChecked) {
    const std::string admin = token("admin", UserType::kAdmin);
    struct Case {
        std::string path;
        std::string body;
        std::string field;
        std::string problem;
    };
    for (const Case& wrong : {
             Case{"a", R"({"orderId":"b","userId":"1"})", "orderId", "must be the order of the path"},
             Case{"a", R"({"userId":"1"})", "orderId", "is required"},
             Case{"a", R"({"orderId":"a"})", "userId", "is required"},
             Case{"a", R"({"orderId":7,"userId":"1"})", "orderId", "must be a string"},
             Case{"a", R"({"orderId":"a","userId":["1"]})", "userId", "must be a string"},
             Case{"a.b", R"({"orderId":"a.b","userId":"1"})", "orderId", "letters, digits"},
             Case{"a", R"({"orderId":"a","userId":"one two"})", "userId", "letters, digits"},
             Case{"a", R"({"orderId":"a","userId":")" + std::string(101, 'x') + "\"}", "userId", "1 to 100"},
         }) {
        const auto answer = ask("POST", "/orders/" + wrong.path + "/complete", wrong.body, admin);
        EXPECT_EQ(answer.status, 400) << wrong.body;
        EXPECT_THAT(member(answer.body, "validationErrors." + wrong.field + ".0"), HasSubstr(wrong.problem))
            << answer.body;
    }
    EXPECT_EQ(ask("POST", "/orders/a/complete", "{", admin).status, 400);
    EXPECT_EQ(ask("POST", "/orders/a/complete", R"({"orderId":"a","userId":"TEST@TEST.COM"})", admin).status,
              404);
}

TEST_F(LiveOrders, UnknownRoutesAndMethods) {
    for (const char* path :
         {"/", "/order", "/orders/", "/orders/a/b", "/orders/a/complete/x", "/api/orders"}) {
        const auto answer = ask("GET", path, {}, token("1"));
        EXPECT_EQ(answer.status, 404) << path;
        EXPECT_EQ(member(answer.body, "errorCode"), "NOT_FOUND");
    }
    const auto answer = ask("DELETE", "/orders", {}, token("1"));
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(member(answer.body, "errorCode"), "METHOD_NOT_ALLOWED");
    for (const char* method : {"POST", "GET"}) EXPECT_THAT(field(answer, "allow"), HasSubstr(method));
    EXPECT_THAT(field(ask("GET", "/orders/a/complete", {}, token("1")), "allow"), HasSubstr("POST"));
}

class LimitedOrders : public LiveOrders {
  protected:
    LimitedOrders() : LiveOrders([](runtime::Settings& settings) { settings.rate_limits = true; }) {}
};

// The test may straddle the minute of a fixed window; then a second count begins, and it is refused later.
TEST_F(LimitedOrders, AreCountedForEachUser) {
    fetch::FetchResponse answer;
    int taken = 0;
    for (; taken < 41; ++taken) {
        answer = ask("POST", "/orders", std::string(kOneProduct), token("1"));
        if (answer.status != 201) break;
    }
    EXPECT_GE(taken, 20);
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(field(answer, "retry-after"), "60");
    EXPECT_EQ(field(answer, "x-ratelimit-policy"), "create");
    EXPECT_EQ(field(answer, "x-ratelimit-remaining"), "0");
    EXPECT_EQ(member(answer.body, "error"), "RATE_LIMIT_EXCEEDED");
    EXPECT_EQ(member(answer.body, "retryAfter"), "60");
    EXPECT_EQ(member(answer.body, "userType"), "STANDARD");
    EXPECT_NE(member(answer.body, "message"), "(none)");
    EXPECT_EQ(member(answer.body, "correlationId"), field(answer, "x-correlation-id"));
    EXPECT_EQ(ask("POST", "/orders", std::string(kOneProduct), token("2")).status, 201);
    EXPECT_EQ(ask("GET", "/orders", {}, token("1")).status, 200);
}

TEST_F(LimitedOrders, AdministratorsHaveTenAMinute) {
    fetch::FetchResponse answer;
    int listed = 0;
    for (; listed < 21; ++listed) {
        answer = ask("GET", "/orders/confirmed", {}, token("admin", UserType::kAdmin));
        if (answer.status != 200) break;
    }
    EXPECT_GE(listed, 10);
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(field(answer, "x-ratelimit-policy"), "admin");
    EXPECT_EQ(member(answer.body, "userType"), "ADMIN");
}

TEST_F(LimitedOrders, StrangersHaveThirtyAltogetherAndHealthIsFree) {
    fetch::FetchResponse answer;
    int refused = 0;
    for (int i = 0; i < 31; ++i) {
        answer = ask("GET", "/orders");
        if (answer.status == 429) ++refused;
    }
    EXPECT_GE(refused, 1);
    EXPECT_EQ(field(answer, "x-ratelimit-policy"), "global");
    EXPECT_EQ(member(answer.body, "userType"), "UNKNOWN");
    for (int i = 0; i < 40; ++i) EXPECT_EQ(ask("GET", "/health").status, 200);
}

TEST_F(LiveOrders, NothingIsLimitedByDefault) {
    for (int i = 0; i < 45; ++i)
        ASSERT_EQ(ask("POST", "/orders", std::string(kOneProduct), token("1")).status, 201);
}

}  // namespace
}  // namespace loadgen::services::orders::test
