#include <gtest/gtest.h>

#include "tests/unit/services_workflow/support.hpp"

namespace loadgen::services::runtime::test {
namespace {

using telemetry::SpanData;
using telemetry::SpanKind;

std::string text_of(const SpanData& span, std::string_view key) {
    for (const telemetry::Attribute& attribute : span.attributes) {
        if (attribute.key == key) return std::get<std::string>(attribute.value);
    }
    return "(none)";
}

class WorkflowTelemetry : public ::testing::Test {
  protected:
    std::unique_ptr<Process> process() {
        auto made = std::make_unique<Process>(folder_.database(), clock_);
        define_order_like(made->engine());
        made->open();
        return made;
    }

    ScratchFolder folder_;
    ManualClock clock_;
};

TEST_F(WorkflowTelemetry, StepsContinueTheTraceOfTheRequestThatStartedThem) {
    auto incoming = telemetry::parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    ASSERT_TRUE(incoming);
    incoming->state = "vendor=1";
    auto service = process();
    ASSERT_TRUE(service->start(kOrderLike, "order-1", *incoming));
    service->settle();
    const SpanData request = service->spans.named("request").at(0);
    const SpanData asked = service->spans.named("OrderLike Ask").at(0);
    EXPECT_EQ(asked.kind, SpanKind::kInternal);
    EXPECT_EQ(asked.context.trace_id.text(), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(asked.parent, request.context.span_id);
    EXPECT_EQ(asked.context.state, "vendor=1");
    EXPECT_EQ(text_of(asked, "workflow.name"), "OrderLike");
    EXPECT_EQ(text_of(asked, "workflow.execution.id"), "order-1");

    // The answer comes in another trace, and another process goes on: the request's trace still.
    const std::string token = last_token(*service, "order-1");
    service.reset();
    service = process();
    ASSERT_EQ(service->answer(token), TokenOutcome::kAccepted);
    service->settle();
    const SpanData confirmed = service->spans.named("OrderLike Confirm").at(0);
    EXPECT_EQ(confirmed.context.trace_id, asked.context.trace_id);
    EXPECT_EQ(confirmed.parent, request.context.span_id);
    EXPECT_EQ(confirmed.context.state, "vendor=1");
}

TEST_F(WorkflowTelemetry, AnUnsampledRequestHasUnsampledSteps) {
    const auto incoming =
        telemetry::parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
    auto service = process();
    ASSERT_TRUE(service->start(kOrderLike, "order-1", *incoming));
    service->settle();
    EXPECT_EQ(effects_of(*service, "order-1"), "asked");
    EXPECT_TRUE(service->spans.named("OrderLike Ask").empty());
}

TEST_F(WorkflowTelemetry, ADamagedContextStartsANewTrace) {
    auto service = process();
    ASSERT_TRUE(service->start(kOrderLike, "order-1"));
    ASSERT_TRUE(service->change([](Transaction& transaction) {
        return transaction.tables().run("UPDATE workflow_executions SET traceparent = '00-junk'");
    }));
    service->settle();
    EXPECT_FALSE(service->spans.named("OrderLike Ask").at(0).parent.valid());
}

TEST_F(WorkflowTelemetry, TheGaugeCountsWhatIsUnderWay) {
    auto service = process();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(service->start(kOrderLike, "order-" + std::to_string(i)));
    service->settle();
    ASSERT_EQ(service->answer(last_token(*service, "order-0")), TokenOutcome::kAccepted);
    service->pass(std::chrono::seconds(11));
    EXPECT_EQ(service->metric("workflow.active"), 2);
    EXPECT_EQ(service->metric("workflow.started"), 3);
}

}  // namespace
}  // namespace loadgen::services::runtime::test
