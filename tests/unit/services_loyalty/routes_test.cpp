// The contract of each route, against a running service.
#include <gtest/gtest.h>

#include "services/loyalty/service.hpp"
#include "tests/unit/services_loyalty/running_services.hpp"

namespace loadgen::services::loyalty {
namespace {

using test::eventually;

class LoyaltyRoutes : public ::testing::Test {
  protected:
    LoyaltyRoutes() : token_(services_.token_of("7")) {}

    fetch::FetchResponse spend(std::string body) {
        return services_.ask("loyalty", "POST", "/loyalty", std::move(body), token_);
    }
    std::string balance() { return services_.get("loyalty", "/loyalty", token_); }
    void register_user() {
        services_.publish("users.userCreated.v1", R"({"userId":"7"})");
        EXPECT_TRUE(eventually(
            [this] { return services_.ask("loyalty", "GET", "/loyalty", {}, token_).status == 200; }));
    }

    const test::Folder folder_;
    test::RunningServices services_{folder_, {&kLoyalty}};
    const std::string token_;
};

TEST_F(LoyaltyRoutes, AreForUsersWithAToken) {
    for (const char* method : {"GET", "POST"}) {
        for (const char* token : {"", "a.b.c"}) {
            const auto answer = services_.ask("loyalty", method, "/loyalty", R"({"points":1})", token);
            EXPECT_EQ(answer.status, 401) << method << ' ' << token;
            EXPECT_EQ(answer.body, "Unauthorized") << method << ' ' << token;
        }
    }
}

TEST_F(LoyaltyRoutes, ThePointsOfSomebodyUnknownAreNotFound) {
    const auto answer = services_.ask("loyalty", "GET", "/loyalty", {}, token_);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.body, R"({"success":false,"message":["Not found"]})");
    const auto refused = spend(R"({"points":1})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.body, R"({"success":false,"message":["Not found"]})");
}

TEST_F(LoyaltyRoutes, PointsAreShownAndSpentByTheirOwner) {
    register_user();
    EXPECT_EQ(balance(), R"({"data":{"userId":"7","currentPoints":100},"success":true,"message":[]})");
    const auto spent = spend(R"({"points":30})");
    EXPECT_EQ(spent.status, 201);
    EXPECT_EQ(spent.body, R"({"data":{"userId":"7","currentPoints":70},"success":true,"message":[]})");
    EXPECT_EQ(balance(), spent.body);
    EXPECT_EQ(services_.ask("loyalty", "GET", "/loyalty", {}, services_.token_of("8")).status, 404);
}

TEST_F(LoyaltyRoutes, MoreThanThereIsCannotBeSpent) {
    register_user();
    const auto refused = spend(R"({"points":101})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(
        refused.body,
        R"({"data":{"userId":"7","currentPoints":100},"success":false,"message":["Not enough points"]})");
    EXPECT_EQ(spend(R"({"points":100})").status, 201);
    EXPECT_EQ(balance(), R"({"data":{"userId":"7","currentPoints":0},"success":true,"message":[]})");
    EXPECT_EQ(spend(R"({"points":9223372036854775807})").status, 400);
}

TEST_F(LoyaltyRoutes, OnlyWholeNumbersFromOneArePoints) {
    register_user();
    const auto empty = spend("");
    EXPECT_EQ(empty.status, 400);
    EXPECT_EQ(empty.body, "");
    for (const char* body :
         {"{", "[]", "{}", R"({"points":0})", R"({"points":-5})", R"({"points":"5"})", R"({"points":1.5})",
          R"({"points":null})", R"({"points":9223372036854775808})"}) {
        const auto refused = spend(body);
        EXPECT_EQ(refused.status, 400) << body;
        EXPECT_EQ(refused.body.substr(0, 28), R"({"success":false,"message":[)") << body;
    }
    EXPECT_EQ(balance(), R"({"data":{"userId":"7","currentPoints":100},"success":true,"message":[]})");
}

}  // namespace
}  // namespace loadgen::services::loyalty
