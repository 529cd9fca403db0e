// The routes of the twins, over HTTP, in a real host.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/uuid.hpp"
#include "services/birthday/service.hpp"
#include "services/ninja/orders/service.hpp"
#include "services/ninja/users/service.hpp"
#include "tests/unit/services_ninja/live.hpp"

namespace loadgen::services::ninja {
namespace {

using test::Answer;
using test::Live;
using test::text_member;
using ::testing::StartsWith;

constexpr const char* kAbsent = "0b3e6f0a-7f1c-4d51-9a39-55b5c1a1f2aa";
constexpr const char* kGoodOrder = R"({"customer_name":"Ran","order_item_count":5})";
constexpr const char* kGoodUser = R"({"user_name":"Ran","email":"ran@example.com"})";

/// What differs between the twins.
struct Twin {
    const char* service;
    const char* path;
    const char* id;
    const char* dashed_id;
    const char* good;
    const char* answer_head;  ///< of the answer, up to the id
    const char* other;        ///< another good body
};

const Twin kOrders{"ninja-orders",
                   "/api/orders",
                   "order_id",
                   "order-id",
                   kGoodOrder,
                   R"(200 {"order_item_count":5,"customer_name":"Ran","order_id":")",
                   R"({"customer_name":"Ran","order_item_count":6})"};
const Twin kUsers{"ninja-users",
                  "/api/users",
                  "user_id",
                  "user-id",
                  kGoodUser,
                  R"(200 {"user_name":"Ran","email":"ran@example.com","user_id":")",
                  R"({"user_name":"Ran","email":"other@example.com"})"};

std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

class Twins : public ::testing::TestWithParam<Twin> {
  protected:
    Answer ask(const std::string& method, const std::string& more = {}, const std::string& body = {},
               const http::Headers& headers = {}) {
        return live_.ask(twin_.service, method, twin_.path + more, body, headers);
    }
    /// The new id.
    std::string create() {
        const Answer answer = ask("POST", "", twin_.good);
        EXPECT_THAT(answer, StartsWith(twin_.answer_head));
        return text_member(answer.substr(4), twin_.id);
    }
    std::string deleted(const std::string& id) {
        return std::string("200 {\"") + twin_.id + "\":\"" + id + "\"}";
    }
    std::string id_body(const std::string& id) {
        return std::string("{\"") + twin_.id + "\":\"" + id + "\"}";
    }

    const Twin twin_ = GetParam();
    Live live_{{&kNinjaOrders, &kNinjaUsers}};
};

TEST_P(Twins, CreateShowDelete) {
    const std::string id = create();
    EXPECT_TRUE(is_uuid(id));
    EXPECT_EQ(id[14], '4') << "a version 4 uuid";
    const std::string shown = twin_.answer_head + id + "\"}";
    EXPECT_EQ(ask("GET", "", "", {{twin_.id, id}}), shown);
    EXPECT_EQ(ask("GET", "", "", {{twin_.dashed_id, id}}), shown);
    EXPECT_EQ(ask("GET", "", "", {{twin_.id, upper(id)}}), shown);
    EXPECT_EQ(ask("GET", "/" + id), shown);
    EXPECT_EQ(ask("DELETE", "", id_body(id)), deleted(id));
    EXPECT_EQ(ask("GET", "", "", {{twin_.id, id}}), "404 {}");
    EXPECT_EQ(ask("GET", "/" + id), "404 {}");
    EXPECT_EQ(ask("DELETE", "", id_body(id)), deleted(id)) << "absent already";
}

TEST_P(Twins, DeleteByPath) {
    const std::string id = create();
    EXPECT_EQ(ask("DELETE", "/" + id), deleted(id));
    EXPECT_EQ(ask("GET", "/" + id), "404 {}");
    EXPECT_EQ(ask("DELETE", std::string("/") + kAbsent), deleted(kAbsent));
}

TEST_P(Twins, IdsMustBeUuids) {
    EXPECT_EQ(ask("GET"), "400 {}");
    EXPECT_EQ(ask("GET", "", "", {{twin_.id, "1"}}), "400 {}");
    EXPECT_EQ(
        ask("GET", "", "", {{twin_.id, kAbsent}, {twin_.dashed_id, "0b3e6f0a-7f1c-4d51-9a39-55b5c1a1f2ab"}}),
        "400 {}");
    EXPECT_EQ(ask("GET", "", "", {{twin_.id, kAbsent}, {twin_.dashed_id, kAbsent}}), "404 {}");
    EXPECT_EQ(ask("GET", "/1"), "400 {}");
    EXPECT_EQ(ask("DELETE", "/1"), "400 {}");
    EXPECT_EQ(ask("DELETE", "", id_body("1")), "400 {}");
    EXPECT_EQ(ask("DELETE", "", "{}"), "400 {}");
    EXPECT_EQ(ask("DELETE", "", std::string("{\"") + twin_.id + "\":1}"), "400 {}");
    EXPECT_EQ(ask("DELETE"), "400 {}");
}

TEST_P(Twins, FailuresHaveAnEmptyObject) {
    EXPECT_EQ(ask("POST"), "400 {}");
    EXPECT_EQ(ask("POST", "", "{"), "400 {}");
    EXPECT_EQ(ask("POST", "", "[]"), "400 {}");
    EXPECT_EQ(ask("PUT", "", twin_.good), "405 {}");
    EXPECT_EQ(ask("GET", "/a/b"), "404 {}");
    EXPECT_EQ(ask("POST", "", std::string(70'000, ' ')), "413 {}");
}

TEST_P(Twins, AKeyGivesTheSameAnswerAgain) {
    const http::Headers key = {{"Idempotency-Key", "\"k-1\""}};
    const Answer first = ask("POST", "", twin_.good, key);
    ASSERT_THAT(first, StartsWith(twin_.answer_head));
    EXPECT_EQ(ask("POST", "", twin_.good, key), first);
    EXPECT_EQ(ask("POST", "", twin_.good, {{"idempotency-key", "k-1"}}), first);
    EXPECT_EQ(ask("POST", "", twin_.other, key), "422 {}");
    EXPECT_NE(ask("POST", "", twin_.good, {{"Idempotency-Key", "\"k-2\""}}), first);
    EXPECT_NE(ask("POST", "", twin_.good), first);
}

TEST_P(Twins, AKeyOutlivesWhatItMade) {
    const http::Headers key = {{"Idempotency-Key", "k"}};
    const Answer first = ask("POST", "", twin_.good, key);
    const std::string id = text_member(first.substr(4), twin_.id);
    EXPECT_EQ(ask("DELETE", "/" + id), deleted(id));
    EXPECT_EQ(ask("POST", "", twin_.good, key), first);
    EXPECT_EQ(ask("GET", "/" + id), "404 {}");
}

TEST_P(Twins, ARefusedRequestLeavesItsKeyFree) {
    const http::Headers key = {{"Idempotency-Key", "k"}};
    EXPECT_EQ(ask("POST", "", "{}", key), "400 {}");
    EXPECT_THAT(ask("POST", "", twin_.good, key), StartsWith(twin_.answer_head));
}

TEST_P(Twins, BadKeysAreRefused) {
    EXPECT_EQ(ask("POST", "", twin_.good, {{"Idempotency-Key", "a b"}}), "400 {}");
    EXPECT_EQ(ask("POST", "", twin_.good, {{"Idempotency-Key", "\"\""}}), "400 {}");
    EXPECT_EQ(ask("POST", "", twin_.good, {{"Idempotency-Key", "a"}, {"Idempotency-Key", "b"}}), "400 {}");
}

TEST_P(Twins, TheConfigurationComesBeforeTheRequest) {
    live_.folder().put("my_conf.json", R"({"countries":["MARS"]})");
    EXPECT_EQ(ask("POST", "", twin_.good), "500 {}");
    EXPECT_EQ(ask("POST", "", "{"), "500 {}") << "before validation";
    EXPECT_EQ(ask("GET"), "500 {}");
    EXPECT_EQ(ask("DELETE", "/1"), "500 {}");
    live_.folder().put("my_conf.json", R"({"countries":["USA"]})");
    EXPECT_THAT(ask("POST", "", twin_.good), StartsWith(twin_.answer_head));
    live_.folder().erase("my_conf.json");
    EXPECT_THAT(ask("POST", "", twin_.good), StartsWith(twin_.answer_head)) << "kept for five minutes";
}

INSTANTIATE_TEST_SUITE_P(Ninja, Twins, ::testing::Values(kOrders, kUsers),
                         [](const auto& named) { return std::string(named.param.service + 6); });

TEST(OrderRules, NameAndCountHaveBounds) {
    Live live({&kNinjaOrders});
    const auto create = [&](const std::string& body) {
        return live.ask("ninja-orders", "POST", "/api/orders", body).substr(0, 3);
    };
    EXPECT_EQ(create(R"({"customer_name":"12345678901234567890","order_item_count":1})"), "200");
    EXPECT_EQ(create(R"({"customer_name":")" + std::string(20, 'x').replace(0, 1, "\xc3\xa9") +
                     R"(","order_item_count":9223372036854775807})"),
              "200")
        << "characters, not bytes";
    for (const char* bad : {R"({"customer_name":"","order_item_count":1})",
                            R"({"customer_name":"123456789012345678901","order_item_count":1})",
                            R"({"customer_name":1,"order_item_count":1})", R"({"order_item_count":1})",
                            R"({"customer_name":"Ran"})", R"({"customer_name":"Ran","order_item_count":0})",
                            R"({"customer_name":"Ran","order_item_count":-1})",
                            R"({"customer_name":"Ran","order_item_count":1.5})",
                            R"({"customer_name":"Ran","order_item_count":"1"})",
                            R"({"customer_name":"Ran","order_item_count":9223372036854775808})"}) {
        EXPECT_EQ(create(bad), "400") << bad;
    }
}

TEST(UserRules, NameAndAddressHaveRules) {
    Live live({&kNinjaUsers});
    const auto create = [&](const std::string& body) {
        return live.ask("ninja-users", "POST", "/api/users", body).substr(0, 3);
    };
    EXPECT_EQ(create(R"({"user_name":"12345678901234567890","email":"a.b+c@example.org"})"), "200");
    for (const char* bad :
         {R"({"user_name":"","email":"a@b.co"})", R"({"user_name":"123456789012345678901","email":"a@b.co"})",
          R"({"user_name":"Ran"})", R"({"email":"a@b.co"})", R"({"user_name":"Ran","email":"a@b"})",
          R"({"user_name":"Ran","email":""})", R"({"user_name":"Ran","email":["a@b.co"]})"}) {
        EXPECT_EQ(create(bad), "400") << bad;
    }
}

TEST(Throttle, LetsABurstOfTenPassAndNoMore) {
    Live live({&kNinjaOrders}, [](runtime::HostOptions& options) { options.settings.rate_limits = true; });
    const auto get = [&] { return live.ask("ninja-orders", "GET", std::string("/api/orders/") + kAbsent); };
    int allowed = 0;
    Answer answer;
    while (allowed < 1000 && (answer = get()) == "404 {}") ++allowed;
    EXPECT_EQ(answer, "429 {}");
    EXPECT_GE(allowed, 10);
}

TEST(Birthday, RunsInAHost) {
    Live live({&birthday::kBirthday});
    const auto ask = [&](const char* method, const char* path, const char* body) {
        return live.ask("birthday", method, path, body, {{"X-Request-Id", "r-1"}});
    };
    EXPECT_EQ(ask("PUT", "/hello/Foo", R"({"dateOfBirth":"2019-04-04"})"), "204 ");
    EXPECT_THAT(ask("GET", "/hello/foo", ""), StartsWith(R"(200 {"message":"Hello, foo! )"));
    EXPECT_EQ(ask("GET", "/hello/bar", ""), R"(404 {"message":"username not found","requestId":"r-1"})");
    EXPECT_THAT(ask("PUT", "/hello/foo", "{"), StartsWith(R"(400 {"message":"bad json input")"));
    EXPECT_THAT(ask("GET", "/hello/f", ""), StartsWith(R"(400 {"message":"username must be)"));
}

}  // namespace
}  // namespace loadgen::services::ninja
