#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "services/runtime/faults/trace_defects.hpp"

namespace loadgen::services::runtime {
namespace {

using telemetry::SpanData;
using telemetry::SpanKind;
using telemetry::SpanStatus;

/// A consumer's span with a link, below a span of its own process.
SpanData consumed() {
    SpanData span;
    span.context = *telemetry::parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03");
    span.context.state = "vendor=1";
    span.parent.bytes = {1, 2, 3, 4, 5, 6, 7, 8};
    span.name = "process orders.orderCreated.v1";
    span.kind = SpanKind::kConsumer;
    span.start = WallTime{1'000'000'000'000};
    span.end = WallTime{1'000'005'000'000};
    span.attributes = {{"messaging.system", std::string("bus")},
                       {"messaging.operation.type", std::string("process")},
                       {"messaging.destination.name", std::string("orders")},
                       {"messaging.message.id", std::string("5e0a")},
                       {"messaging.batch.message_count", std::int64_t{1}},
                       {"http.response.status_code", std::int64_t{200}}};
    span.links.push_back(
        {*telemetry::parse_traceparent("00-11111111111111112222222222222222-3333333333333333-01"), {}, 0});
    return span;
}

SpanData changed(TraceDefect defect, SpanData span = consumed()) {
    EXPECT_TRUE(apply_to_span(defect, span)) << trace_defect_row(defect).name;
    return span;
}

TEST(SpanDefects, Identity) {
    EXPECT_FALSE(changed(TraceDefect::kZeroId).context.span_id.valid());
    EXPECT_EQ(changed(TraceDefect::kTruncatedId).context.trace_id.text(), "00000000000000008448eb211c80319c");
    EXPECT_EQ(changed(TraceDefect::kPartial).start.unix_ns, 0);
    EXPECT_EQ(changed(TraceDefect::kUnfinished).end.unix_ns, 0);
    EXPECT_EQ(changed(TraceDefect::kCycle).parent, consumed().context.span_id);
    EXPECT_NE(changed(TraceDefect::kOrphan).parent, consumed().parent);
    EXPECT_FALSE(changed(TraceDefect::kExtraRoot).parent.valid());
}

TEST(SpanDefects, Links) {
    EXPECT_TRUE(changed(TraceDefect::kLinkMissing).links.empty());
    EXPECT_EQ(changed(TraceDefect::kLinkTwice).links.size(), 2U);
    const auto dangling = changed(TraceDefect::kLinkDangling).links.front().context;
    EXPECT_EQ(dangling.trace_id, consumed().links.front().context.trace_id);
    EXPECT_NE(dangling.span_id, consumed().links.front().context.span_id);
    EXPECT_NE(changed(TraceDefect::kLinkUnknown).links.front().context.trace_id,
              consumed().links.front().context.trace_id);
    EXPECT_EQ(changed(TraceDefect::kLinkSelf).links.back().context, consumed().context);
    const SpanData parent_only = changed(TraceDefect::kParentOnly);
    EXPECT_EQ(parent_only.parent, consumed().links.front().context.span_id);
    EXPECT_TRUE(parent_only.links.empty());
    EXPECT_EQ(changed(TraceDefect::kLinkAndParent).links.size(), 1U);
    EXPECT_EQ(changed(TraceDefect::kLinksTruncated).dropped_links, 1U);
    EXPECT_FALSE(changed(TraceDefect::kLinkFlags).links.front().context.sampled());
}

TEST(SpanDefects, Time) {
    EXPECT_LT(changed(TraceDefect::kBeforeParent).start, consumed().start);
    EXPECT_GT(changed(TraceDefect::kOutlivesParent).end, consumed().end);
    EXPECT_EQ(changed(TraceDefect::kFuture).end.unix_ns, consumed().end.unix_ns + 3'600'000'000'000);
    SpanData client = consumed();
    client.kind = SpanKind::kClient;
    EXPECT_EQ(changed(TraceDefect::kZeroDuration, client).end, client.start);
}

TEST(SpanDefects, Conventions) {
    EXPECT_EQ(changed(TraceDefect::kName).name, "orders.orderCreated.v1 process");
    EXPECT_EQ(changed(TraceDefect::kKind).kind, SpanKind::kInternal);
    EXPECT_EQ(changed(TraceDefect::kStatus).status, SpanStatus::kError);
    EXPECT_EQ(changed(TraceDefect::kSilentError).events.front().name, "exception");
    EXPECT_EQ(changed(TraceDefect::kRequiredMissing).attributes.front().key, "messaging.operation.type");
}

TEST(SpanDefects, WhatDoesNotFitStaysAsItIs) {
    SpanData root = consumed();
    root.parent = {};
    root.links.clear();
    root.attributes.clear();
    root.name = "plain";
    root.kind = SpanKind::kInternal;
    for (const TraceDefect defect :
         {TraceDefect::kLinkMissing, TraceDefect::kOrphan, TraceDefect::kExtraRoot, TraceDefect::kTargetKind,
          TraceDefect::kName, TraceDefect::kRequiredMissing, TraceDefect::kZeroDuration, TraceDefect::kStatus,
          TraceDefect::kRewritten}) {
        EXPECT_FALSE(apply_to_span(defect, root)) << trace_defect_row(defect).name;
    }
    EXPECT_EQ(root.name, "plain");
}

TEST(TraceDefectTable, NamesLeadToTheirRows) {
    std::set<std::pair<std::string_view, DefectPlace>> seen;
    for (const TraceDefectRow& row : trace_defect_table()) {
        EXPECT_EQ(&trace_defect_row(row.defect), &row);
        EXPECT_TRUE(seen.insert({row.name, row.place}).second) << row.name;
        bool found = false;
        for (const TraceDefectRow& named : trace_defects_named(row.name)) {
            EXPECT_EQ(named.name, row.name);
            found = found || named.defect == row.defect;
        }
        EXPECT_TRUE(found) << row.name;
    }
    EXPECT_TRUE(trace_defects_named("T-ROOT").empty());
    EXPECT_TRUE(trace_defects_named("").empty());
}

/// docs/faults.md shows the table; a row that changes must change there too.
TEST(TraceDefectTable, IsTheOneInTheDocs) {
    std::ifstream file(LOADGEN_SOURCE_DIR "/docs/faults.md");
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    for (const TraceDefectRow& row : trace_defect_table()) {
        const std::string line = "| `" + std::string(row.name) + "` | " +
                                 (row.place == DefectPlace::kEvent ? "event" : "span") + " | " +
                                 std::string(row.what) + " |";
        EXPECT_NE(text.find(line), std::string::npos) << line;
    }
}

}  // namespace
}  // namespace loadgen::services::runtime
