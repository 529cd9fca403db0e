#include "services/runtime/faults/fault_rules.hpp"

#include <gtest/gtest.h>

namespace loadgen::services::runtime {
namespace {

TEST(FaultRules, AreReadAsWritten) {
    std::vector<FaultRule> rules(3);
    rules[0] = {.id = 1,
                .service = "orders",
                .route = "POST /orders",
                .share = 0.1,
                .delay = std::chrono::milliseconds(50),
                .error_status = 503,
                .max_per_second = 2.5};
    rules[1] = {.id = 2, .consumer = "UserCreated", .drop = true, .duplicate = true};
    rules[2] = {.id = 3, .defect = "L-MISSING", .share = 0.05};
    const auto read = parse_fault_rules(write_fault_rules(rules));
    ASSERT_TRUE(read.has_value()) << read.error().message;
    ASSERT_EQ(read->size(), 3U);
    EXPECT_EQ(write_fault_rules(*read), write_fault_rules(rules));
    EXPECT_EQ((*read)[0].delay, std::chrono::milliseconds(50));
    EXPECT_EQ(describe((*read)[0]),
              "orders POST /orders: 10 % delayed by 50ms fail with 503 at most 2.5 a second");
    EXPECT_EQ(describe((*read)[1]), "* consumer UserCreated: 100 % dropped handled twice");
    EXPECT_EQ(describe((*read)[2]), "* traces: 5 % have L-MISSING");
}

TEST(FaultRules, RoutesMatchByMethodAndSegments) {
    const FaultRule rule{.service = "orders", .route = "GET /orders/{id}", .drop = true};
    EXPECT_TRUE(rule.matches_route("orders", "GET /orders/5"));
    EXPECT_TRUE(rule.matches_route("orders", "GET /orders/{orderId}"));
    EXPECT_FALSE(rule.matches_route("users", "GET /orders/5"));
    EXPECT_FALSE(rule.matches_route("orders", "PUT /orders/5"));
    EXPECT_FALSE(rule.matches_route("orders", "GET /orders"));
    EXPECT_FALSE(rule.matches_route("orders", "GET /orders/5/complete"));
    EXPECT_FALSE(rule.matches_consumer("orders", "GET /orders/5"));
    const FaultRule all{.route = "*", .drop = true};
    EXPECT_TRUE(all.matches_route("users", "DELETE /x"));
}

TEST(FaultRules, QueuesMatchWithAndWithoutEnvironment) {
    const FaultRule rule{.consumer = "UserCreated", .drop = true};
    EXPECT_TRUE(rule.matches_consumer("loyalty", "UserCreated"));
    EXPECT_TRUE(rule.matches_consumer("loyalty", "UserCreated-dev"));
    EXPECT_FALSE(rule.matches_consumer("loyalty", "UserCreatedTwice-dev"));
    EXPECT_FALSE(rule.matches_route("loyalty", "UserCreated"));
}

struct Wrong {
    const char* json;
    const char* message;
};
class WrongFaults : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongFaults, AreLocated) {
    const auto read = parse_fault_rules(GetParam().json);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, WrongFaults,
    ::testing::Values(
        Wrong{"{}", "must be an object with one member, the array \"faults\""},
        Wrong{R"({"faults":[],"more":1})", "must be an object with one member, the array \"faults\""},
        Wrong{R"({"faults":[1]})", "faults[0]: must be an object, not a number"},
        Wrong{R"({"faults":[{"route":"*","drop":true},{"colour":1}]})", "faults[1].colour: no such member"},
        Wrong{R"({"faults":[{"route":"*","drop":"yes"}]})", "faults[0].drop: must be true or false"},
        Wrong{R"({"faults":[{"route":"*","error":200}]})",
              "faults[0].error: must be a status from 400 to 599"},
        Wrong{R"({"faults":[{"route":"*","delay_ms":60001}]})",
              "faults[0].delay_ms: must be from 0 to 60000"},
        Wrong{R"({"faults":[{"route":"*","delay_ms":-1}]})", "faults[0].delay_ms: must be from 0 to 60000"},
        Wrong{R"({"faults":[{"route":"*","drop":true,"share":0}]})",
              "faults[0]: share must be above 0 and at most 1"},
        Wrong{R"({"faults":[{"drop":true}]})",
              "faults[0]: a fault is for one of route, consumer and trace_defect"},
        Wrong{R"({"faults":[{"route":"*","consumer":"*","drop":true}]})",
              "faults[0]: a fault is for one of route, consumer and trace_defect"},
        Wrong{R"({"faults":[{"route":"*"}]})",
              "faults[0]: says nothing to do: delay, error, drop, duplicate or max_per_second"},
        Wrong{R"({"faults":[{"route":"*","duplicate":true}]})", "faults[0]: duplicate is for consumers"},
        Wrong{R"({"faults":[{"route":"/orders","drop":true}]})",
              "faults[0]: route \"/orders\" must be a method and a path, like \"POST /orders\", or *"},
        Wrong{
            R"({"faults":[{"trace_defect":"X-NONE"}]})",
            "faults[0]: trace_defect \"X-NONE\" is none that a sender can cause; docs/faults.md lists them"},
        Wrong{R"({"faults":[{"trace_defect":"L-DUP","drop":true}]})",
              "faults[0]: a trace defect takes a share and nothing else"}));

TEST(FaultRules, ThereIsALimit) {
    std::string json = R"({"faults":[)";
    for (std::size_t i = 0; i <= kMaxFaultRules; ++i)
        json += (i > 0 ? "," : "") + std::string(R"({"route":"*","drop":true})");
    const auto read = parse_fault_rules(json + "]}");
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().code, ErrorCode::kLimit);
    EXPECT_EQ(read.error().message, "has 65 faults; at most 64 are allowed");
}

}  // namespace
}  // namespace loadgen::services::runtime
