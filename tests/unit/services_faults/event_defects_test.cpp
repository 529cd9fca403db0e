#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/text/json_reader.hpp"
#include "services/runtime/faults/trace_defects.hpp"

namespace loadgen::services::runtime {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03";

contracts::Event published() {
    contracts::Event event;
    event.id = "5e0a";
    event.type = "orders.orderCreated.v1";
    event.source = "dev.orders";
    event.time = WallTime{1735725600123000000};  // 2025-01-01T10:00:00.123Z
    // The payload quotes what the envelope holds: it must stay as it is.
    event.data = R"({"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03"})";
    event.trace = *telemetry::parse_traceparent(kParent);
    event.trace.state = "vendor=1";
    return event;
}

/// The CloudEvent with the defect; checks that it still is JSON around the same payload.
std::string with(TraceDefect defect) {
    const contracts::Event event = published();
    std::string detail = contracts::write_event(event);
    apply_to_event(defect, event, detail);
    text::JsonDocument document;
    EXPECT_TRUE(document.parse(detail).has_value()) << detail;
    EXPECT_TRUE(detail.ends_with("\"data\":" + event.data + "}")) << detail;
    return detail.substr(0, detail.size() - event.data.size());
}

TEST(EventDefects, Carriers) {
    EXPECT_THAT(with(TraceDefect::kCarrierFormat),
                HasSubstr(R"("traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")"));
    EXPECT_THAT(with(TraceDefect::kCarrierZero),
                HasSubstr(R"("traceparent":"00-00000000000000000000000000000000-b7ad6b7169203331-03")"));
    EXPECT_THAT(with(TraceDefect::kCarrierTruncated),
                HasSubstr(R"("traceparent":"00-00000000000000008448eb211c80319c-b7ad6b7169203331-03")"));
    EXPECT_THAT(with(TraceDefect::kCarrierTruncated), Not(HasSubstr("_dd.p.tid")));
    EXPECT_THAT(with(TraceDefect::kCarrierCase),
                HasSubstr(R"("traceparent":"00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-03")"));
    EXPECT_THAT(with(TraceDefect::kCarrierFlagLost), HasSubstr("b7ad6b7169203331-02\""));
    EXPECT_THAT(with(TraceDefect::kCarrierFlagLost), HasSubstr(R"("x-datadog-sampling-priority":"0")"));
    EXPECT_THAT(with(TraceDefect::kCarrierRandomLost), HasSubstr("b7ad6b7169203331-01\""));
    EXPECT_THAT(with(TraceDefect::kCarrierStateDropped), Not(HasSubstr("tracestate")));
    EXPECT_THAT(with(TraceDefect::kEventTime), HasSubstr(R"("time":"1735725600123")"));
}

TEST(EventDefects, NoneIsLeftWhenTheContextIsMissing) {
    const std::string envelope = with(TraceDefect::kCarrierMissing);
    for (const char* name : {"traceparent", "tracestate", "_datadog"})
        EXPECT_THAT(envelope, Not(HasSubstr(name)));
}

TEST(EventDefects, AForeignContextIsEverywhereAMixedOneInOneCarrier) {
    const std::string foreign = with(TraceDefect::kCarrierForeign);
    EXPECT_THAT(foreign, Not(HasSubstr("0af7651916cd43dd8448eb211c80319c")));
    EXPECT_THAT(foreign, HasSubstr("-b7ad6b7169203331-03"));
    const std::string mixed = with(TraceDefect::kCarrierMixed);
    const auto at = mixed.find(kParent);
    ASSERT_NE(at, std::string::npos);
    EXPECT_EQ(mixed.find(kParent, at + 1), std::string::npos);
}

TEST(EventDefects, AForgedFlagIsForTracesThatAreNotSampled) {
    contracts::Event event = published();
    event.trace.flags = 0;
    std::string detail = contracts::write_event(event);
    apply_to_event(TraceDefect::kCarrierFlagForged, event, detail);
    EXPECT_THAT(detail, HasSubstr("b7ad6b7169203331-01\""));
    EXPECT_THAT(detail, HasSubstr(R"("x-datadog-sampling-priority":"1")"));
}

TEST(EventDefects, AnEventWithoutContextStaysAsItIs) {
    contracts::Event event = published();
    event.trace = {};
    const std::string good = contracts::write_event(event);
    for (const TraceDefectRow& row : trace_defect_table()) {
        if (row.place != DefectPlace::kEvent || row.defect == TraceDefect::kEventTime) continue;
        std::string detail = good;
        apply_to_event(row.defect, event, detail);
        EXPECT_EQ(detail, good) << row.name;
    }
}

TEST(EventDefects, EachChangesTheEnvelope) {
    const std::string good = contracts::write_event(published());
    for (const TraceDefectRow& row : trace_defect_table()) {
        if (row.place != DefectPlace::kEvent || row.defect == TraceDefect::kCarrierFlagForged) continue;
        EXPECT_NE(with(row.defect), good.substr(0, good.size() - published().data.size())) << row.name;
    }
}

}  // namespace
}  // namespace loadgen::services::runtime
