#include "common/telemetry/batch_processor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <semaphore>

namespace loadgen::telemetry {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// Names of all spans, batch by batch. The processor's thread writes, tests read after a flush or a shutdown.
struct Exported {
    std::vector<std::vector<std::string>> batches;
    BatchProcessor::Export sink() {
        return [this](const SpanBatch& batch) {
            std::vector<std::string>& names = batches.emplace_back();
            for (const SpanData& span : batch.decoded()) names.push_back(span.name);
        };
    }
    std::size_t spans() const {
        std::size_t count = 0;
        for (const auto& batch : batches) count += batch.size();
        return count;
    }
};

// An exporter that is stuck until released.
struct Gate {
    std::binary_semaphore entered{0};
    std::binary_semaphore leave{0};
    std::size_t exported = 0;
    BatchProcessor::Export sink() {
        return [this](const SpanBatch& batch) {
            exported += batch.size();
            entered.release();
            leave.acquire();
        };
    }
};

std::unique_ptr<SpanData> span(const std::string& name) {
    auto data = std::make_unique<SpanData>();
    data->name = name;
    return data;
}

TEST(BatchProcessor, ExportsWholeBatchesAtOnceAndInOrder) {
    Exported exported;
    std::latch two(2);
    BatchProcessor processor({.max_queue = 100, .max_batch = 3, .max_delay = hours(1)},
                             [&, sink = exported.sink()](SpanBatch batch) {
                                 sink(std::move(batch));
                                 two.count_down();
                             });
    for (const char* name : {"1", "2", "3", "4", "5", "6"}) processor.on_end(span(name));
    two.wait();  // would take an hour each
    processor.shutdown();
    EXPECT_THAT(exported.batches, ElementsAre(ElementsAre("1", "2", "3"), ElementsAre("4", "5", "6")));
    EXPECT_EQ(processor.handed_over(), 6u);
}

TEST(BatchProcessor, ExportsAFewSpansAfterTheDelay) {
    Exported exported;
    std::latch one(1);
    BatchProcessor processor({.max_delay = milliseconds(1)}, [&, sink = exported.sink()](SpanBatch batch) {
        sink(std::move(batch));
        one.count_down();
    });
    processor.on_end(span("1"));
    one.wait();
    processor.shutdown();
    EXPECT_EQ(exported.spans(), 1u);
}

TEST(BatchProcessor, FlushesWithoutWaitingForTheDelay) {
    Exported exported;
    BatchProcessor processor({.max_batch = 2, .max_delay = hours(1)}, exported.sink());
    EXPECT_TRUE(processor.flush(seconds(30)));  // nothing to do
    for (const char* name : {"1", "2", "3"}) processor.on_end(span(name));
    EXPECT_TRUE(processor.flush(seconds(30)));
    EXPECT_EQ(exported.spans(), 3u);
    EXPECT_EQ(processor.queue_size(), 0u);
}

TEST(BatchProcessor, AFlushEndsWhenItsTimeIsOver) {
    Gate gate;
    BatchProcessor processor({.max_delay = hours(1)}, gate.sink());
    processor.on_end(span("1"));
    EXPECT_FALSE(processor.flush(milliseconds(1)));
    gate.leave.release();
    processor.shutdown();
    EXPECT_EQ(gate.exported, 1u);
}

TEST(BatchProcessor, DropsAndCountsWhenTheQueueIsFull) {
    Gate gate;
    BatchProcessor processor({.max_queue = 4, .max_batch = 2, .max_delay = hours(1)}, gate.sink());
    processor.on_end(span("1"));
    processor.on_end(span("2"));
    gate.entered.acquire();  // two are with the exporter, which is stuck
    for (int i = 0; i < 10; ++i) processor.on_end(span("more"));
    EXPECT_EQ(processor.queue_size(), 4u);
    EXPECT_EQ(processor.queue_capacity(), 4u);
    EXPECT_EQ(processor.dropped_queue_full(), 6u);
    for (int i = 0; i < 2; ++i) {
        gate.leave.release();
        gate.entered.acquire();
    }
    gate.leave.release();
    processor.shutdown();
    EXPECT_EQ(gate.exported, 6u);
    EXPECT_EQ(processor.handed_over() + processor.dropped_queue_full(), 12u);
}

TEST(BatchProcessor, ExportsWhatIsLeftAtTheEndAndNothingLater) {
    Exported exported;
    BatchProcessor processor({.max_batch = 2, .max_delay = hours(1)}, exported.sink());
    for (const char* name : {"1", "2", "3", "4", "5"}) processor.on_end(span(name));
    processor.shutdown();
    processor.on_end(span("late"));
    processor.shutdown();
    EXPECT_EQ(exported.spans(), 5u);
    EXPECT_THAT(exported.batches.back(), ElementsAre("5"));
    EXPECT_EQ(processor.dropped_after_shutdown(), 1u);
}

TEST(BatchProcessor, KnowsWhatBeganAndWhatIsStillOpen) {
    Exported exported;
    BatchProcessor processor({}, exported.sink());
    const Tracer tracer(&processor);
    {
        const Span root = tracer.start({"root"});
        const Span child = tracer.start({.name = "child", .parent = &root.context()});
        SpanContext remote = root.context();
        remote.remote = true;
        remote.flags = 0;
        const Span dropped = tracer.start({.name = "dropped", .parent = &remote});
        EXPECT_EQ(processor.live(), 2);
    }
    EXPECT_EQ(processor.live(), 0);
    EXPECT_EQ(processor.started(ParentOrigin::kNone, true), 1u);
    EXPECT_EQ(processor.started(ParentOrigin::kLocal, true), 1u);
    EXPECT_EQ(processor.started(ParentOrigin::kRemote, false), 1u);
    EXPECT_EQ(processor.started(ParentOrigin::kRemote, true), 0u);
}

// Every span that began is exported or counted as dropped, whatever the threads do.
TEST(BatchProcessor, ManyThreadsLoseNothingUncounted) {
    Exported exported;
    BatchProcessor processor({.max_queue = 64, .max_batch = 8, .max_delay = milliseconds(1)},
                             exported.sink());
    const Tracer tracer(&processor);
    constexpr int kThreads = 4;
    constexpr int kSpans = 5000;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < kSpans; ++j) {
                Span one = tracer.start({"span"});
                one.set("number", std::int64_t{j});
                if (j % 1000 == 0) processor.flush(seconds(30));
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    processor.shutdown();
    EXPECT_EQ(exported.spans(), processor.handed_over());
    EXPECT_EQ(processor.handed_over() + processor.dropped_queue_full(), std::uint64_t{kThreads * kSpans});
    EXPECT_EQ(processor.live(), 0);
}

TEST(BatchProcessor, ShutdownWhileThreadsStillEndSpans) {
    Exported exported;
    BatchProcessor processor({.max_batch = 8}, exported.sink());
    std::latch running(3);
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 3000; ++j) {
                if (j == 1000) running.count_down();
                processor.on_end(span("x"));
            }
        });
    }
    running.wait();
    processor.shutdown();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(exported.spans() + processor.dropped_queue_full() + processor.dropped_after_shutdown(), 9000u);
}

}  // namespace
}  // namespace loadgen::telemetry
