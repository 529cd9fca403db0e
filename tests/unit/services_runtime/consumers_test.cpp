#include "services/runtime/messaging/event_consumers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/unit/services_runtime/ground.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr std::string_view kPublic = "users.userCreated.v1";
constexpr std::string_view kPrivate = "product.productCreated";

class ConsumersTest : public ::testing::Test {
  protected:
    ConsumersTest() {
        folder_ = std::filesystem::path(::testing::TempDir()) /
                  ("consumers-" + std::to_string(::getpid()) + '-' +
                   ::testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
    }
    ~ConsumersTest() override { std::filesystem::remove_all(folder_); }

    static Result<void> note(Transaction& transaction, const contracts::Event& event) {
        const std::array<store::Parameter, 1> values = {std::string_view(event.id)};
        return transaction.tables().run("INSERT INTO effects (key) VALUES (?)", values);
    }
    static void tell(Ground& ground, std::string_view type, std::string id = {}) {
        ASSERT_TRUE(ground.transact([&](Transaction& transaction) {
            return transaction.publish({.type = type, .data = "{}", .conversation_id = {}, .id = id});
        }));
    }
    static std::int64_t effects(Ground& ground) { return ground.number("SELECT count(*) FROM effects"); }
    static const telemetry::SpanData only(Ground& ground, std::string_view name) {
        EXPECT_TRUE(eventually([&] { return ground.spans.named(name).size() == 1; })) << name;
        return ground.spans.named(name).at(0);
    }
    static bool has(const telemetry::SpanData& span, std::string_view key,
                    const telemetry::AttributeValue& value) {
        return std::any_of(span.attributes.begin(), span.attributes.end(),
                           [&](const telemetry::Attribute& attribute) {
                               return attribute.key == key && attribute.value == value;
                           });
    }

    std::filesystem::path folder_;
};

TEST_F(ConsumersTest, AnEventThatComesTwiceHasOneEffect) {
    Ground ground(folder_);
    ground.consumers->on({.queue = "Notes", .types = {kPublic}}, note);
    ground.start_consumers();
    const std::string id = "11111111-2222-4333-8444-555555555555";
    tell(ground, kPublic, id);
    ASSERT_TRUE(eventually([&] { return effects(ground) == 1; }));
    ASSERT_TRUE(eventually([&] { return ground.outbox->idle() && ground.consumers->idle(); }));
    tell(ground, kPublic, id);
    ASSERT_TRUE(eventually([&] { return ground.spans.named("process users.userCreated.v1").size() == 2; }));
    EXPECT_EQ(effects(ground), 1);
}

TEST_F(ConsumersTest, TwoQueuesOfAServiceEachHandleTheEvent) {
    Ground ground(folder_);
    ground.consumers->on({.queue = "Notes", .types = {kPublic}}, note);
    ground.consumers->on({.queue = "MoreNotes", .types = {kPublic}}, note);
    ground.start_consumers();
    tell(ground, kPublic);
    EXPECT_TRUE(eventually([&] { return effects(ground) == 2; }));
}

TEST_F(ConsumersTest, AKeyOfItsOwnMakesTwoEventsOne) {
    Ground ground(folder_);
    ground.consumers->on({.queue = "Notes",
                          .types = {kPublic},
                          .inbox_key = [](const contracts::Event&) { return std::string("order 1"); }},
                         note);
    ground.start_consumers();
    tell(ground, kPublic);
    tell(ground, kPublic);
    ASSERT_TRUE(eventually([&] { return ground.spans.named("process users.userCreated.v1").size() == 2; }));
    ASSERT_TRUE(eventually([&] { return ground.consumers->idle(); }));
    EXPECT_EQ(effects(ground), 1);
}

TEST_F(ConsumersTest, AFailedHandlerLeavesNothingAndIsTriedAgain) {
    Ground ground(folder_);
    std::atomic<int> tries{0};
    ground.consumers->on({.queue = "Notes", .types = {kPublic}},
                         [&tries](Transaction& transaction, const contracts::Event& event) -> Result<void> {
                             auto noted = note(transaction, event);
                             if (++tries == 1) return Error{ErrorCode::kInternal, "not yet"};
                             return noted;
                         });
    ground.start_consumers();
    tell(ground, kPublic);
    ASSERT_TRUE(eventually([&] { return tries == 2; }));
    EXPECT_TRUE(eventually([&] { return effects(ground) == 1; }));
    EXPECT_TRUE(ground.log.contains("not yet"));
}

TEST_F(ConsumersTest, AHandlerThatForgetsItsEventFailsIt) {
    Ground ground(folder_);
    std::atomic<int> tries{0};
    ground.consumers->on_async({.queue = "Notes", .types = {kPublic}},
                               [&tries](std::shared_ptr<Incoming> incoming) {
                                   if (++tries > 1) incoming->apply(note);
                               });
    ground.start_consumers();
    tell(ground, kPublic);
    EXPECT_TRUE(eventually([&] { return effects(ground) == 1; }));
    EXPECT_EQ(tries, 2);
}

TEST_F(ConsumersTest, OneBadEventOfABatchDoesNotHoldUpTheOthers) {
    Ground ground(folder_);
    ground.consumers->on({.queue = "Notes", .types = {kPublic}},
                         [](Transaction& transaction, const contracts::Event& event) -> Result<void> {
                             if (event.id.starts_with("bad")) return Error{ErrorCode::kInternal, "bad event"};
                             return note(transaction, event);
                         });
    ground.start_consumers();
    ASSERT_TRUE(ground.transact([](Transaction& transaction) -> Result<void> {
        for (const char* id : {"good-1", "bad-1", "good-2", "good-3"}) {
            auto told = transaction.publish({.type = kPublic, .data = "{}", .conversation_id = {}, .id = id});
            if (!told) return told;
        }
        return {};
    }));
    EXPECT_TRUE(eventually([&] { return effects(ground) == 3; }));
}

TEST_F(ConsumersTest, PublicEventsStartANewTraceThatLinksToThePublishSpan) {
    Ground ground(folder_);
    ground.consumers->on({.queue = "Notes", .types = {kPublic}}, note);
    ground.start_consumers();
    tell(ground, kPublic);
    const auto publish = only(ground, "publish users.userCreated.v1");
    const auto receive = only(ground, "receive Notes-dev");
    const auto process = only(ground, "process users.userCreated.v1");
    EXPECT_FALSE(receive.parent.valid());
    EXPECT_NE(receive.context.trace_id, publish.context.trace_id);
    ASSERT_EQ(receive.links.size(), 1U);
    EXPECT_EQ(receive.links[0].context.span_id, publish.context.span_id);
    EXPECT_EQ(receive.kind, telemetry::SpanKind::kConsumer);
    EXPECT_TRUE(has(receive, "messaging.batch.message_count", std::int64_t{1}));
    EXPECT_EQ(process.kind, telemetry::SpanKind::kConsumer);
    EXPECT_EQ(process.parent, receive.context.span_id);
    EXPECT_EQ(process.context.trace_id, receive.context.trace_id);
    ASSERT_EQ(process.links.size(), 1U);
    EXPECT_EQ(process.links[0].context.trace_id, publish.context.trace_id);
    EXPECT_EQ(process.links[0].context.span_id, publish.context.span_id);
    EXPECT_TRUE(has(process, "messaging.operation.type", std::string("process")));
    EXPECT_TRUE(has(process, "messaging.destination.subscription.name", std::string("Notes-dev")));
    EXPECT_TRUE(has(process, "cloudevents.event_type", std::string(kPublic)));
}

TEST_F(ConsumersTest, PrivateEventsContinueTheTraceAndLinkToTheReceiveSpan) {
    Ground ground(folder_);
    ground.consumers->on({.queue = "Notes", .types = {kPrivate}}, note);
    ground.start_consumers();
    tell(ground, kPrivate);
    const auto publish = only(ground, "publish product.productCreated");
    const auto receive = only(ground, "receive Notes-dev");
    const auto process = only(ground, "process product.productCreated");
    EXPECT_EQ(process.context.trace_id, publish.context.trace_id);
    EXPECT_EQ(process.parent, publish.context.span_id);
    ASSERT_EQ(process.links.size(), 1U);
    EXPECT_EQ(process.links[0].context.span_id, receive.context.span_id);
}

TEST_F(ConsumersTest, ASubscriptionMayAskForTheOtherRelation) {
    Ground ground(folder_);
    ground.consumers->on({.queue = "Notes", .types = {kPublic}, .relation = TraceRelation::kParent}, note);
    ground.start_consumers();
    tell(ground, kPublic);
    const auto publish = only(ground, "publish users.userCreated.v1");
    const auto process = only(ground, "process users.userCreated.v1");
    EXPECT_EQ(process.parent, publish.context.span_id);
}

TEST_F(ConsumersTest, WhatAHandlerPublishesLinksToTheEventThatCausedIt) {
    Ground ground(folder_);
    ground.consumers->on({.queue = "Notes", .types = {kPublic}},
                         [](Transaction& transaction, const contracts::Event&) {
                             return transaction.publish({.type = kPrivate, .data = "{}"});
                         });
    ground.start_consumers();
    tell(ground, kPublic);
    const auto cause = only(ground, "publish users.userCreated.v1");
    const auto process = only(ground, "process users.userCreated.v1");
    const auto publish = only(ground, "publish product.productCreated");
    EXPECT_EQ(publish.parent, process.context.span_id);
    ASSERT_EQ(publish.links.size(), 1U);
    EXPECT_EQ(publish.links[0].context.span_id, cause.context.span_id);
}

}  // namespace
}  // namespace loadgen::services::runtime
