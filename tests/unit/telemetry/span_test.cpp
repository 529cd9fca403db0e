#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "common/telemetry/metrics.hpp"
#include "common/telemetry/tracer.hpp"

namespace loadgen::telemetry {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class StepClock final : public Clock {
  public:
    Instant now() const override { return Instant(Nanos(monotonic)); }
    WallTime wall_now() const override { return {wall}; }
    std::int64_t monotonic = 1'000;
    std::int64_t wall = 5'000'000;
};

class Collector final : public SpanProcessor {
  public:
    void on_start(ParentOrigin parent, bool sampled) override { starts.emplace_back(parent, sampled); }
    void on_end(std::unique_ptr<SpanData> span) override { spans.push_back(std::move(*span)); }
    std::size_t max_attributes() const override { return 3; }
    std::size_t max_links() const override { return 2; }
    std::size_t max_events() const override { return 2; }
    std::size_t max_text_bytes() const override { return 10; }
    std::vector<std::pair<ParentOrigin, bool>> starts;
    std::vector<SpanData> spans;
};

SpanContext remote_parent(const char* flags, const char* state = "") {
    SpanContext context =
        *parse_traceparent(std::string("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-") + flags);
    context.state = state;
    return context;
}

TEST(Tracer, GivesRootsNewIdsAndTheRandomFlag) {
    Collector collector;
    const Tracer tracer(&collector);
    std::set<std::string> traces;
    for (int i = 0; i < 100; ++i) {
        Span span = tracer.start({"root"});
        EXPECT_TRUE(span.context().valid());
        EXPECT_EQ(int{span.context().flags}, kSampledFlag | kRandomFlag);
        EXPECT_FALSE(span.context().remote);
        traces.insert(span.context().trace_id.text());
    }
    EXPECT_THAT(traces, SizeIs(100));
    ASSERT_THAT(collector.spans, SizeIs(100));
    EXPECT_FALSE(collector.spans[0].parent.valid());
    EXPECT_EQ(collector.starts[0], std::pair(ParentOrigin::kNone, true));
}

TEST(Tracer, ThreadsDoNotShareIds) {
    const Tracer tracer(nullptr);
    std::vector<std::string> ids(8);
    std::vector<std::thread> threads;
    for (std::string& id : ids)
        threads.emplace_back([&] { id = tracer.start({"root"}).context().trace_id.text(); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_THAT(std::set<std::string>(ids.begin(), ids.end()), SizeIs(8));
}

TEST(Tracer, ChildrenFollowTheirParent) {
    Collector collector;
    const Tracer tracer(&collector, 7);
    const SpanContext parent = remote_parent("03", "foo=1");
    Span child = tracer.start({.name = "child", .kind = SpanKind::kServer, .parent = &parent});
    EXPECT_EQ(child.context().trace_id, parent.trace_id);
    EXPECT_NE(child.context().span_id, parent.span_id);
    EXPECT_EQ(child.context().state, "foo=1");
    EXPECT_EQ(int{child.context().flags}, 3);
    Span grandchild = tracer.start({.name = "grandchild", .parent = &child.context()});
    grandchild.end();
    child.end();
    ASSERT_THAT(collector.spans, SizeIs(2));
    EXPECT_EQ(collector.spans[0].parent, child.context().span_id);
    EXPECT_FALSE(collector.spans[0].parent_remote);
    EXPECT_EQ(collector.spans[1].parent, parent.span_id);
    EXPECT_TRUE(collector.spans[1].parent_remote);
    EXPECT_EQ(collector.spans[1].scope, 7u);
    EXPECT_EQ(collector.spans[1].kind, SpanKind::kServer);
    EXPECT_THAT(collector.starts,
                ElementsAre(std::pair(ParentOrigin::kRemote, true), std::pair(ParentOrigin::kLocal, true)));
}

// Level 2, section 3.2.2.5.2: a flag that the parent did not set is not made up, unknown ones are not sent
// on.
TEST(Tracer, PassesTheRandomFlagOnAndNoUnknownOnes) {
    Collector collector;
    const Tracer tracer(&collector);
    SpanContext parent = remote_parent("01");
    EXPECT_EQ(int{tracer.start({.name = "a", .parent = &parent}).context().flags}, 1);
    parent.flags = 0xfd;
    EXPECT_EQ(int{tracer.start({.name = "a", .parent = &parent}).context().flags}, 1);
}

TEST(Tracer, DoesNotRecordWhatTheParentDoesNot) {
    Collector collector;
    const Tracer tracer(&collector);
    const SpanContext parent = remote_parent("02");
    Span span = tracer.start({.name = "a", .parent = &parent});
    EXPECT_FALSE(span.recording());
    EXPECT_TRUE(span.context().valid());
    EXPECT_NE(span.context().span_id, parent.span_id);
    EXPECT_EQ(int{span.context().flags}, 2);
    span.set("a", "b");
    span.fail("x", "y");
    span.end();
    EXPECT_TRUE(collector.spans.empty());
    EXPECT_THAT(collector.starts, ElementsAre(std::pair(ParentOrigin::kRemote, false)));
}

TEST(Tracer, WithoutAProcessorAChildStandsForItsParent) {
    const Tracer tracer(nullptr);
    EXPECT_FALSE(tracer.enabled());
    const SpanContext parent = remote_parent("03", "foo=1");
    EXPECT_EQ(tracer.start({.name = "a", .parent = &parent}).context(), parent);
    const Span root = tracer.start({"root"});
    EXPECT_TRUE(root.context().valid());
    EXPECT_FALSE(root.context().sampled());  // nobody records it
    const SpanContext invalid;
    EXPECT_TRUE(tracer.start({.name = "a", .parent = &invalid}).context().valid());
}

TEST(Tracer, RecordsTheGivenShareOfTraces) {
    Collector collector;
    const Tracer none(&collector, 0, 0.0);
    const Tracer quarter(&collector, 0, 0.25);
    int recorded = 0;
    for (int i = 0; i < 4000; ++i) {
        EXPECT_FALSE(none.start({"a"}).recording());
        const Span span = quarter.start({"a"});
        const std::string random = span.context().trace_id.text().substr(18);
        EXPECT_EQ(span.recording(), random >= "c0000000000000") << random;
        recorded += span.recording() ? 1 : 0;
    }
    // 1000 expected, deviation 27: ten of them never happen.
    EXPECT_NEAR(recorded, 1000, 270);
}

TEST(Span, KeepsWhatItIsTold) {
    Collector collector;
    StepClock clock;
    const Tracer tracer(&collector, 0, 1.0, clock);
    Span span = tracer.start({"before"});
    span.rename("after");
    span.set("text", "a");
    span.set("number", std::int64_t{42});
    span.set("text", std::string_view("b"));
    clock.monotonic += 300;
    clock.wall -= 1'000'000;  // somebody sets the clock back
    span.add_event("event", {{"key", true}});
    span.add_link(remote_parent("01"), {{"key", 1.5}});
    clock.monotonic += 200;
    span.end();
    span.end();
    span.set("late", "x");
    ASSERT_THAT(collector.spans, SizeIs(1));
    const SpanData& data = collector.spans[0];
    EXPECT_EQ(data.name, "after");
    EXPECT_EQ(data.context, span.context());
    EXPECT_EQ(data.start, WallTime{5'000'000});
    EXPECT_EQ(data.end, WallTime{5'000'500});
    ASSERT_THAT(data.attributes, SizeIs(2));
    EXPECT_EQ(data.attributes[0].key, "text");
    EXPECT_EQ(data.attributes[0].value, AttributeValue("b"));
    EXPECT_EQ(data.attributes[1].value, AttributeValue(std::int64_t{42}));
    ASSERT_THAT(data.events, SizeIs(1));
    EXPECT_EQ(data.events[0].time, WallTime{5'000'300});
    ASSERT_THAT(data.links, SizeIs(1));
    EXPECT_EQ(data.links[0].context, remote_parent("01"));
    EXPECT_EQ(data.status, SpanStatus::kUnset);
}

TEST(Span, StartsAndEndsWhenItIsTold) {
    Collector collector;
    StepClock clock;
    const Tracer tracer(&collector, 0, 1.0, clock);
    tracer.start({.name = "a", .at = {123}}).end_at({456});
    tracer.start({.name = "b", .at = {123}}).end_at({100});
    EXPECT_EQ(collector.spans[0].start, WallTime{123});
    EXPECT_EQ(collector.spans[0].end, WallTime{456});
    EXPECT_EQ(collector.spans[1].end, WallTime{123});
}

TEST(Span, CountsWhatIsBeyondTheLimits) {
    Collector collector;
    const Tracer tracer(&collector);
    const SpanLink links[] = {
        {remote_parent("01"), {}}, {remote_parent("01"), {}}, {remote_parent("01"), {}}};
    Span span = tracer.start({.name = "a", .links = links});
    for (const char* key : {"1", "2", "3", "4", "5"}) span.set(key, "v");
    span.set("1", "still replaced");
    span.add_link(SpanContext{});  // no span: ignored, not counted
    const Attributes five = {{"a", true}, {"b", true}, {"c", true}, {"d", true}, {"e", "0123456789abc"}};
    for (int i = 0; i < 3; ++i) span.add_event("e", five);
    span.end();
    const SpanData& data = collector.spans[0];
    EXPECT_THAT(data.attributes, SizeIs(3));
    EXPECT_EQ(data.attributes[0].value, AttributeValue("still repl"));
    EXPECT_EQ(data.dropped_attributes, 2u);
    EXPECT_THAT(data.links, SizeIs(2));
    EXPECT_EQ(data.dropped_links, 1u);
    EXPECT_THAT(data.events, SizeIs(2));
    EXPECT_EQ(data.dropped_events, 1u);
    EXPECT_THAT(data.events[0].attributes, SizeIs(3));
    EXPECT_EQ(data.events[0].dropped_attributes, 2u);
}

TEST(Span, CutsTextBetweenCharacters) {
    Collector collector;
    const Tracer tracer(&collector);
    Span span = tracer.start({"a"});
    span.set("k", "12345678\xe2\x82\xac");  // the euro sign would end at byte 11
    span.end();
    EXPECT_EQ(collector.spans[0].attributes[0].value, AttributeValue("12345678"));
}

TEST(Span, FailuresSayWhatAndWhy) {
    Collector collector;
    const Tracer tracer(&collector);
    Span span = tracer.start({"a"});
    span.fail("timeout", "too late");
    span.end();
    const SpanData& data = collector.spans[0];
    EXPECT_EQ(data.status, SpanStatus::kError);
    EXPECT_EQ(data.status_message, "too late");
    ASSERT_THAT(data.attributes, SizeIs(1));
    EXPECT_EQ(data.attributes[0].key, "error.type");
    ASSERT_THAT(data.events, SizeIs(1));
    EXPECT_EQ(data.events[0].name, "exception");
    EXPECT_EQ(data.events[0].attributes[0].key, "exception.type");
    EXPECT_EQ(data.events[0].attributes[1].value, AttributeValue("too late"));
}

// Trace API, "Set Status": Ok is final, Unset is ignored, a description goes with Error only.
TEST(Span, StatusOkIsFinal) {
    Collector collector;
    const Tracer tracer(&collector);
    Span span = tracer.start({"a"});
    span.set_status(SpanStatus::kError, "why");
    span.set_status(SpanStatus::kUnset, "ignored");
    span.set_status(SpanStatus::kOk, "dropped");
    span.set_status(SpanStatus::kError, "too late");
    span.end();
    EXPECT_EQ(collector.spans[0].status, SpanStatus::kOk);
    EXPECT_EQ(collector.spans[0].status_message, "");
}

TEST(Span, EndsWhenDestroyedOrReplaced) {
    Collector collector;
    const Tracer tracer(&collector);
    {
        Span span = tracer.start({"first"});
        span = tracer.start({"second"});
        EXPECT_THAT(collector.spans, SizeIs(1));
        const Span moved = std::move(span);
        EXPECT_TRUE(moved.recording());
    }
    ASSERT_THAT(collector.spans, SizeIs(2));
    EXPECT_EQ(collector.spans[0].name, "first");
    EXPECT_EQ(collector.spans[1].name, "second");
    Span none;
    none.set("a", "b");
    none.end();
    EXPECT_FALSE(none.context().valid());
}

// Metrics data model: a bucket's upper bound belongs to it.
TEST(DurationHistogram, SortsIntoTheBucketsOfTheConventions) {
    DurationHistogram histogram;
    using std::chrono::microseconds;
    using std::chrono::seconds;
    histogram.record(Nanos(-5));
    histogram.record(microseconds(5000));
    histogram.record(microseconds(5001));
    histogram.record(seconds(10));
    histogram.record(seconds(11));
    EXPECT_EQ(histogram.bucket(0), 2u);
    EXPECT_EQ(histogram.bucket(1), 1u);
    EXPECT_EQ(histogram.bucket(13), 1u);
    EXPECT_EQ(histogram.bucket(14), 1u);
    EXPECT_EQ(histogram.count(), 5u);
    EXPECT_NEAR(histogram.sum_seconds(), 21.010001, 1e-9);
}

}  // namespace
}  // namespace loadgen::telemetry
