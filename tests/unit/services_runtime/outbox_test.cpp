#include "services/runtime/messaging/outbox.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/unit/services_runtime/ground.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr std::string_view kType = "users.userCreated.v1";

class OutboxTest : public ::testing::Test {
  protected:
    OutboxTest() {
        folder_ = std::filesystem::path(::testing::TempDir()) /
                  ("outbox-" + std::to_string(::getpid()) + '-' +
                   ::testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(folder_);
    }
    ~OutboxTest() override { std::filesystem::remove_all(folder_); }

    /// Collects what the bus hands out for every type.
    void listen(Ground& ground) {
        static_cast<void>(ground.bus->declare({.name = "All-dev", .rules = {{}}}));
        listener_ = *ground.bus->consume("All-dev", [this](std::shared_ptr<bus::Batch> batch) {
            const std::lock_guard<std::mutex> lock(mutex_);
            for (const bus::Delivery& delivery : batch->deliveries())
                heard_.push_back(*contracts::read_message(delivery.body));
            batch->settle({});
        });
    }
    std::size_t heard() {
        const std::lock_guard<std::mutex> lock(mutex_);
        return heard_.size();
    }
    contracts::Event heard_at(std::size_t index) {
        const std::lock_guard<std::mutex> lock(mutex_);
        return heard_.at(index);
    }

    static Result<void> tell(Transaction& transaction, std::string data = R"({"userId":"1"})") {
        return transaction.publish({.type = kType, .data = std::move(data)});
    }

    std::filesystem::path folder_;
    std::mutex mutex_;
    std::vector<contracts::Event> heard_;
    std::unique_ptr<bus::Consumer> listener_;
};

TEST_F(OutboxTest, TellsWhatWasCommittedAndForgetsIt) {
    Ground ground(folder_);
    listen(ground);
    ASSERT_TRUE(ground.transact([](Transaction& transaction) { return tell(transaction); }));
    ASSERT_TRUE(eventually([this] { return heard() == 1; }));
    EXPECT_EQ(heard_at(0).type, kType);
    EXPECT_EQ(heard_at(0).source, "dev.users");
    EXPECT_EQ(heard_at(0).data, R"({"userId":"1"})");
    EXPECT_TRUE(eventually([&] { return ground.number("SELECT count(*) FROM outbox") == 0; }));
    EXPECT_TRUE(eventually([&] { return ground.outbox->idle(); }));
    listener_.reset();
}

TEST_F(OutboxTest, ChangesThatFailTellNothing) {
    Ground ground(folder_);
    listen(ground);
    const auto failed = ground.transact([](Transaction& transaction) -> Result<void> {
        auto told = tell(transaction);
        if (!told) return told;
        return Error{ErrorCode::kInternal, "no"};
    });
    EXPECT_FALSE(failed);
    ASSERT_TRUE(
        ground.transact([](Transaction& transaction) { return tell(transaction, R"({"userId":"2"})"); }));
    ASSERT_TRUE(eventually([this] { return heard() >= 1; }));
    EXPECT_EQ(heard_at(0).data, R"({"userId":"2"})");
    EXPECT_EQ(heard(), 1U);
    listener_.reset();
}

TEST_F(OutboxTest, KeepsTheOrderOfCommitsOverManyBatches) {
    Ground ground(folder_);
    listen(ground);
    constexpr int kEvents = 1000;
    ASSERT_TRUE(ground.transact([](Transaction& transaction) -> Result<void> {
        for (int i = 0; i < kEvents; ++i) {
            auto told = tell(transaction, "{\"userId\":\"" + std::to_string(i) + "\"}");
            if (!told) return told;
        }
        return {};
    }));
    ASSERT_TRUE(eventually([this] { return heard() == kEvents; }));
    for (int i = 0; i < kEvents; ++i) {
        EXPECT_EQ(heard_at(static_cast<std::size_t>(i)).data, "{\"userId\":\"" + std::to_string(i) + "\"}");
    }
    listener_.reset();
}

TEST_F(OutboxTest, RelaysWhatAnEarlierProcessLeft) {
    {
        Ground before(folder_);
        ASSERT_TRUE(before.transact([](Transaction& transaction) {
            // A row of a process that is gone: another owner, a while ago.
            const WallTime earlier{transaction.now().unix_ns - 5'000'000'000};
            return add_to_outbox(transaction.tables(), {.type = kType, .data = "{}"}, earlier, 99, {},
                                 nullptr);
        }));
    }
    Ground ground(folder_);
    listen(ground);
    ground.outbox->sweep();
    EXPECT_TRUE(eventually([this] { return heard() == 1; }));
    EXPECT_TRUE(eventually([&] { return ground.number("SELECT count(*) FROM outbox") == 0; }));
    listener_.reset();
}

TEST_F(OutboxTest, LeavesFreshRowsToTheProcessThatWroteThem) {
    Ground ground(folder_);
    listen(ground);
    ASSERT_TRUE(ground.transact([](Transaction& transaction) {
        return add_to_outbox(transaction.tables(), {.type = kType, .data = "{}"}, transaction.now(), 99, {},
                             nullptr);
    }));
    ASSERT_TRUE(ground.transact([](Transaction& transaction) { return tell(transaction); }));
    ground.outbox->sweep();
    ASSERT_TRUE(eventually([&] { return heard() == 1 && ground.outbox->idle(); }));
    EXPECT_EQ(ground.number("SELECT count(*) FROM outbox WHERE owner = 99"), 1);
    listener_.reset();
}

TEST_F(OutboxTest, SetsAsideWhatTheBusNeverTakesAndSendsTheRest) {
    Ground ground(folder_);
    listen(ground);
    ASSERT_TRUE(ground.transact([](Transaction& transaction) -> Result<void> {
        auto done = tell(transaction, R"({"userId":"1"})");
        if (done) done = tell(transaction, R"({"userId":"2"})");
        if (done) done = tell(transaction, R"({"userId":"3"})");
        if (!done) return done;
        // More than the bus takes; no transaction can write it.
        return transaction.tables().run(
            "UPDATE outbox SET data = '{\"x\":\"' || printf('%.*c', 300000, 'x') || '\"}' WHERE id = 2");
    }));
    ASSERT_TRUE(eventually([this] { return heard() == 2; }));
    EXPECT_EQ(heard_at(0).data, R"({"userId":"1"})");
    EXPECT_EQ(heard_at(1).data, R"({"userId":"3"})");
    EXPECT_TRUE(
        eventually([&] { return ground.number("SELECT count(*) FROM outbox WHERE refused = 1") == 1; }));
    EXPECT_TRUE(eventually([&] { return ground.outbox->idle(); }));
    EXPECT_TRUE(ground.log.contains("outbox: the bus refused"));
    listener_.reset();
}

TEST_F(OutboxTest, RefusesEventsThatTheCatalogueDoesNotKnowAndThoseThatAreTooLarge) {
    Ground ground(folder_);
    const auto unknown = ground.transact([](Transaction& transaction) {
        return transaction.publish({.type = "users.userVanished.v1", .data = "{}"});
    });
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().message, "outbox: the catalogue has no event type users.userVanished.v1");
    const auto large = ground.transact(
        [](Transaction& transaction) { return tell(transaction, '"' + std::string(200'000, 'x') + '"'); });
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().message,
              "outbox: the data of users.userCreated.v1 has 200002 bytes, at most 196608 are allowed");
}

TEST_F(OutboxTest, TheSameFactAskedAgainIsNotTakenForARepetition) {
    Ground ground(folder_);
    listen(ground);
    ASSERT_TRUE(ground.transact([](Transaction& transaction) -> Result<void> {
        for (const char* conversation : {"a", "b"}) {
            auto told = transaction.publish({.type = "orders.orderCreated.v1",
                                             .data = "{}",
                                             .conversation_id = conversation,
                                             .id = "11111111-2222-4333-8444-555555555555"});
            if (!told) return told;
        }
        return {};
    }));
    ASSERT_TRUE(eventually([this] { return heard() == 2; }));
    EXPECT_EQ(heard_at(0).id, heard_at(1).id);
    EXPECT_EQ(heard_at(0).conversation_id, "a");
    EXPECT_EQ(heard_at(1).conversation_id, "b");
    listener_.reset();
}

TEST_F(OutboxTest, ThePublishSpanIsAChildOfTheRequestAndItsContextIsInTheEnvelope) {
    Ground ground(folder_);
    listen(ground);
    ASSERT_TRUE(ground.transact([](Transaction& transaction) { return tell(transaction); }));
    ASSERT_TRUE(eventually([&] { return ground.spans.named("publish users.userCreated.v1").size() == 1; }));
    ASSERT_TRUE(eventually([this] { return heard() == 1; }));
    const telemetry::SpanData span = ground.spans.named("publish users.userCreated.v1").front();
    EXPECT_EQ(span.kind, telemetry::SpanKind::kProducer);
    EXPECT_EQ(span.context.trace_id, ground.last_transaction.trace_id);
    EXPECT_EQ(span.parent, ground.last_transaction.span_id);
    EXPECT_TRUE(span.links.empty());
    EXPECT_EQ(heard_at(0).trace.trace_id, span.context.trace_id);
    EXPECT_EQ(heard_at(0).trace.span_id, span.context.span_id);
    EXPECT_TRUE(heard_at(0).trace.sampled());
    listener_.reset();
}

TEST_F(OutboxTest, WithLinksTheRunIsATraceOfItsOwnAndEachPublishSpanLinksToItsRequest) {
    Settings settings;
    settings.publish_trace = PublishTrace::kLink;
    Ground ground(folder_, settings);
    listen(ground);
    ASSERT_TRUE(ground.transact([](Transaction& transaction) { return tell(transaction); }));
    ASSERT_TRUE(eventually([&] { return ground.spans.named("publish users.userCreated.v1").size() == 1; }));
    ASSERT_TRUE(eventually([&] { return ground.spans.named("outbox.process").size() == 1; }));
    const telemetry::SpanData span = ground.spans.named("publish users.userCreated.v1").front();
    const telemetry::SpanData run = ground.spans.named("outbox.process").front();
    EXPECT_FALSE(run.parent.valid());
    EXPECT_EQ(span.parent, run.context.span_id);
    ASSERT_EQ(span.links.size(), 1U);
    EXPECT_EQ(span.links[0].context.trace_id, ground.last_transaction.trace_id);
    EXPECT_EQ(span.links[0].context.span_id, ground.last_transaction.span_id);
    listener_.reset();
}

}  // namespace
}  // namespace loadgen::services::runtime
