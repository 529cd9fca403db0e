#include "services/platform/answers.hpp"

#include <gtest/gtest.h>

#include "services/platform/middlewares/body_limit.hpp"
#include "tests/unit/services_platform/fake_call.hpp"

namespace loadgen::services::platform {
namespace {

using test::AnswerKeeper;
using test::field;

struct AnswersTest : ::testing::Test {
    AnswerKeeper keeper;
    CallPtr call = keeper.call("GET", "/x");
    Problems problems = {{"name", "is required"}, {"price", "must be a number"}, {"name", "must be known"}};

    http::Response fail(ErrorShape shape, const Failure& failure) {
        call->set_error_shape(shape);
        call->id = "r1";
        call->correlation_id = "c1";
        return error_response(*call, failure);
    }
    std::string body(ErrorShape shape, const Failure& failure) { return fail(shape, failure).body; }
};

TEST_F(AnswersTest, EnvelopesOfTheServices) {
    const auto data = [](text::JsonWriter& out) { out.begin_object().key("a").integer(1).end_object(); };
    EXPECT_EQ(data_answer(kUsersEnvelope, 200, data).body, R"({"data":{"a":1},"message":""})");
    EXPECT_EQ(data_answer(kProductEnvelope, 200, data).body, R"({"data":{"a":1},"message":"OK"})");
    EXPECT_EQ(data_answer(kInventoryEnvelope, 200, data).body,
              R"({"data":{"a":1},"message":["OK"],"success":true})");
    EXPECT_EQ(data_answer(kLoyaltyEnvelope, 201, data).body,
              R"({"data":{"a":1},"success":true,"message":[]})");
    const http::Response bare = json_answer(201, data);
    EXPECT_EQ(bare.status, 201);
    EXPECT_EQ(bare.body, R"({"a":1})");
    EXPECT_EQ(field(bare, "content-type"), "application/json");
    EXPECT_EQ(empty_answer(204).body, "");
}

TEST_F(AnswersTest, ErrorBodiesOfTheServices) {
    const Failure plain{.status = 404, .message = "no \"x\""};
    EXPECT_EQ(body(error_shapes::birthday, plain), R"({"message":"no \"x\"","requestId":"r1"})");
    EXPECT_EQ(body(nullptr, plain), R"({"message":"no \"x\"","requestId":"r1"})");
    EXPECT_EQ(body(error_shapes::users, plain), "");
    EXPECT_EQ(body(error_shapes::product, plain), R"({"data":"","message":"no \"x\""})");
    EXPECT_EQ(body(error_shapes::inventory, plain),
              R"({"data":null,"message":["no \"x\""],"success":false})");
    EXPECT_EQ(body(error_shapes::loyalty, plain), R"({"success":false,"message":["no \"x\""]})");
    EXPECT_EQ(body(error_shapes::message, plain), R"({"message":"no \"x\""})");
    EXPECT_EQ(body(error_shapes::error, plain), R"({"error":"no \"x\""})");
    EXPECT_EQ(body(error_shapes::ninja, plain), "{}");
    EXPECT_EQ(fail(error_shapes::users, plain).status, 404);
    EXPECT_EQ(call->message, "no \"x\"");
}

TEST_F(AnswersTest, DataAndProblemsWhereTheShapeHasRoom) {
    const Failure rich{.status = 400, .problems = &problems, .data = R"({"currentPoints":5})"};
    EXPECT_EQ(
        body(error_shapes::loyalty, rich),
        R"({"data":{"currentPoints":5},"success":false,"message":["name is required","price must be a number",)"
        R"("name must be known"]})");
    EXPECT_EQ(body(error_shapes::product,
                   {.status = 404, .message = "Product not found", .data = R"("Not found")"}),
              R"({"data":"Not found","message":"Product not found"})");
    EXPECT_EQ(body(error_shapes::message, rich),
              R"({"message":"name is required; price must be a number; name must be known"})");
}

TEST_F(AnswersTest, OrdersHasAShapeForEachKind) {
    EXPECT_EQ(body(error_shapes::orders, {.status = 400, .problems = &problems}),
              R"({"error":"VALIDATION_ERROR","validationErrors":{"name":["is required","must be known"],)"
              R"("price":["must be a number"]},"correlationId":"c1"})");
    EXPECT_EQ(
        body(error_shapes::orders, {.status = 409, .message = "not Confirmed", .code = "INVALID_STATE"}),
        R"({"error":"INVALID_STATE","message":"not Confirmed","details":null,"validationErrors":null,)"
        R"("correlationId":"c1"})");
    EXPECT_EQ(body(error_shapes::orders, {.status = 400, .message = "ids differ"}),
              R"({"error":"BAD_REQUEST","message":"ids differ","details":null,"validationErrors":null,)"
              R"("correlationId":"c1"})");
    const http::Response missing = fail(error_shapes::orders, {.status = 404, .message = "no such order"});
    EXPECT_EQ(missing.body,
              R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no such order",)"
              R"("errorCode":"NOT_FOUND","correlationId":"c1"})");
    EXPECT_EQ(field(missing, "content-type"), "application/problem+json");
    EXPECT_EQ(body(error_shapes::orders, {.status = 500, .message = "x", .code = "SERVICE_UNAVAILABLE"}),
              R"({"type":"about:blank","title":"Internal Server Error","status":500,"detail":"x",)"
              R"("errorCode":"SERVICE_UNAVAILABLE","correlationId":"c1"})");
}

TEST_F(AnswersTest, RetryAfterIsAHeader) {
    EXPECT_EQ(field(fail(error_shapes::users, {.status = 503, .retry_after_seconds = 2}), "retry-after"),
              "2");
    EXPECT_EQ(field(fail(error_shapes::users, {.status = 503}), "retry-after"), "(none)");
}

// What fails before a handler speaks the service's words as well.
TEST(ErrorShapes, HoldForTheWholeDispatcher) {
    Router router;
    router.add("GET", "/order/{id}", [](const CallPtr&) { throw std::runtime_error("secret"); });
    Middlewares chain;
    chain.push_back(std::make_unique<BodyLimit>(3));
    Dispatcher dispatcher(std::move(router), std::move(chain), error_shapes::error);
    AnswerKeeper keeper(&dispatcher);
    dispatcher.dispatch(keeper.call("GET", "/nowhere"));
    dispatcher.dispatch(keeper.call("PUT", "/order/1"));
    dispatcher.dispatch(keeper.call("GET", "/order/%zz"));
    dispatcher.dispatch(keeper.call("GET", "/order/1"));
    dispatcher.dispatch(keeper.call("POST", "/order/1", {}, "long body"));
    std::string all;
    for (const http::Response& answer : keeper.answers)
        all += std::to_string(answer.status) + answer.body + '\n';
    EXPECT_EQ(all,
              "404{\"error\":\"no such path\"}\n"
              "405{\"error\":\"method not allowed\"}\n"
              "400{\"error\":\"bad percent-encoding in the path\"}\n"
              "500{\"error\":\"internal error\"}\n"
              "413{\"error\":\"the body may have at most 3 bytes\"}\n");
    EXPECT_EQ(field(keeper.answers.at(1), "allow"), "GET, HEAD");
}

}  // namespace
}  // namespace loadgen::services::platform
