#include "services/runtime/faults/defective_spans.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "services/runtime/faults/fault_rules.hpp"

namespace loadgen::services::runtime {
namespace {

using telemetry::SpanData;

class KeptSpans final : public telemetry::SpanProcessor {
  public:
    void on_end(std::unique_ptr<SpanData> span) override { spans.push_back(std::move(span)); }
    std::vector<std::unique_ptr<SpanData>> spans;
};

class Defective : public ::testing::Test {
  protected:
    Defective() { std::filesystem::create_directories(folder_); }
    ~Defective() override { std::filesystem::remove_all(folder_); }

    /// What arrives of `count` spans while the defect is on for all of them.
    std::vector<std::unique_ptr<SpanData>> sent(const std::string& defect, int count) {
        EXPECT_TRUE(write_fault_file(folder_, {{.id = 1, .defect = defect}}).has_value());
        const auto faults = watch_faults(folder_, 1);
        KeptSpans kept;
        auto defective = std::make_unique<DefectiveSpans>(kept, *faults, "orders");
        const telemetry::Tracer tracer = telemetry::Tracer(&kept).ending_at(*defective);
        for (int i = 0; i < count; ++i) {
            telemetry::Span parent = tracer.start({.name = "parent " + std::to_string(i)});
            const telemetry::SpanContext context = parent.context();
            tracer.start({.name = "child", .kind = telemetry::SpanKind::kClient, .parent = &context}).end();
        }
        defective.reset();  // sends what it held back
        return std::move(kept.spans);
    }

    const std::string folder_ = ::testing::TempDir() + "spans-" + std::to_string(::getpid());
};

TEST_F(Defective, FewerAndMoreSpans) {
    EXPECT_EQ(sent("N-SPAN", 3).size(), 0U);
    const auto twice = sent("I-REDELIVER", 1);
    ASSERT_EQ(twice.size(), 4U);
    EXPECT_EQ(twice[0]->context, twice[1]->context);
    EXPECT_EQ(twice[0]->name, twice[1]->name);
    const auto twins = sent("I-DUP", 1);
    ASSERT_EQ(twins.size(), 4U);
    EXPECT_EQ(twins[0]->context, twins[1]->context);
    EXPECT_NE(twins[0]->name, twins[1]->name);
    const auto counted = sent("N-COUNT", 1);
    ASSERT_EQ(counted.size(), 4U);
    EXPECT_NE(counted[0]->context.span_id, counted[1]->context.span_id);
    EXPECT_EQ(sent("T-FANOUT", 1).size(), 2U * 201);
}

TEST_F(Defective, DepthIsAChain) {
    const auto spans = sent("T-DEPTH", 1);
    ASSERT_EQ(spans.size(), 2U * 73);
    for (std::size_t i = 1; i < 72; ++i) EXPECT_EQ(spans[i]->parent, spans[i - 1]->context.span_id);
    EXPECT_EQ(spans[0]->parent, spans[72]->context.span_id);
}

TEST_F(Defective, LateSpansComeInTheEnd) {
    const auto spans = sent("T-LATE", 40);
    ASSERT_EQ(spans.size(), 80U);
    EXPECT_EQ(spans.front()->name, "child");
}

TEST_F(Defective, WhatFitsNoSpanIsPassedOn) {
    EXPECT_EQ(sent("L-MISSING", 2).size(), 4U);
    EXPECT_EQ(sent("L-FALSE", 2).size(), 4U);
}

}  // namespace
}  // namespace loadgen::services::runtime
