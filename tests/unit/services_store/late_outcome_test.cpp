// What a caller who must know hears of a change that ended late, badly, or never began.
#include <latch>

#include "tests/unit/services_store/contract.hpp"

namespace loadgen::services::store::test {
namespace {

class LateOutcome : public StoreContract {
  protected:
    /// Queues a change; the futures are its answer and the truth.
    struct Answers {
        std::future<Result<void>> done;
        std::future<Result<void>> ended;
    };
    static Answers write_both(Store& store, Store::Change change) {
        auto done = std::make_shared<std::promise<Result<void>>>();
        auto ended = std::make_shared<std::promise<Result<void>>>();
        Answers answers{done->get_future(), ended->get_future()};
        store.write(
            std::move(change), [done](Result<void> result) { done->set_value(std::move(result)); },
            [ended](Result<void> result) { ended->set_value(std::move(result)); });
        return answers;
    }
    static std::future<Result<void>> write_to_its_end(Store& store, Store::Change change) {
        auto ended = std::make_shared<std::promise<Result<void>>>();
        auto future = ended->get_future();
        store.write(std::move(change), nullptr,
                    [ended](Result<void> result) { ended->set_value(std::move(result)); });
        return future;
    }
    StoreOptions impatient() const {
        StoreOptions impatient = options();
        impatient.timeout = std::chrono::milliseconds(20);
        return impatient;
    }
};
INSTANTIATE_FOR_ALL_ENGINES(LateOutcome);

TEST_P(LateOutcome, ATruthInTimeComesBeforeTheAnswer) {
    const auto store = open();
    std::vector<std::string> order;
    std::promise<void> answered;
    store->write(
        insert_number(1),
        [&](const Result<void>&) {
            order.emplace_back("done");
            answered.set_value();
        },
        [&](const Result<void>& result) { order.emplace_back(result ? "ended" : "failed"); });
    answered.get_future().get();
    EXPECT_EQ(order, (std::vector<std::string>{"ended", "done"}));
}

TEST_P(LateOutcome, AChangeThatCommitsAfterItsTimeoutIsReportedAsDone) {
    const auto store = open(impatient());
    std::latch release(1);
    auto slow = write_both(*store, [&release](Statements& tables) {
        release.wait();
        return insert_number(1)(tables);
    });
    const auto answer = slow.done.get();  // while the change hangs
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, ErrorCode::kLimit);
    release.count_down();
    EXPECT_TRUE(slow.ended.get().has_value());
    EXPECT_TRUE(numbers_in(*store).contains(1));
}

TEST_P(LateOutcome, WhatNeverBeganIsReportedAsFailedAndNeverDone) {
    const auto store = open(impatient());
    std::latch entered(1);
    std::latch release(1);
    auto running = write_to_its_end(*store, [&](Statements&) {
        entered.count_down();
        release.wait();
        return Result<void>{};
    });
    entered.wait();
    auto queued = write_both(*store, insert_number(1));
    EXPECT_EQ(queued.ended.get().error().code, ErrorCode::kLimit);
    EXPECT_EQ(queued.done.get().error().code, ErrorCode::kLimit);
    release.count_down();
    EXPECT_TRUE(running.get().has_value());
    while (!write(*store, insert_number(2)).get()) {
    }
    EXPECT_EQ(numbers_in(*store), (std::set<std::int64_t>{2}));
}

TEST_P(LateOutcome, ARefusedChangeIsAnsweredOnBothWays) {
    StoreOptions full = options();
    full.max_queued = 0;
    const auto store = open(full);
    auto refused = write_both(*store, insert_number(1));
    EXPECT_EQ(refused.ended.get().error().message, "store: 0 changes are waiting already");
    EXPECT_EQ(refused.done.get().error().message, "store: 0 changes are waiting already");
    EXPECT_FALSE(write_to_its_end(*store, insert_number(2)).get().has_value());
}

}  // namespace
}  // namespace loadgen::services::store::test
