#include <gtest/gtest.h>

#include "services/runtime/workflow/workflow_definition.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr Nanos kSecond = std::chrono::seconds(1);

StepFunction nothing() {
    return [](Transaction&, const Execution&) -> Result<void> { return {}; };
}

TEST(WorkflowDefinition, IsSoundWhenEveryNameLeadsSomewhere) {
    WorkflowDefinition definition;
    definition.add(WaitState{"Wait", kSecond, "Ask"});
    definition.add(TokenState{"Ask", nothing(), kSecond, "Do", "Do", {}});
    definition.add(TaskState{.name = "Do", .run = nothing(), .next = {}});
    EXPECT_TRUE(definition.check().has_value());
    EXPECT_EQ(name_of(definition.first()), "Wait");
    EXPECT_EQ(definition.find("Do")->index(), 1U);
    EXPECT_EQ(definition.find("do"), nullptr);
}

TEST(WorkflowDefinition, SaysWhichStateIsWrong) {
    WorkflowDefinition empty;
    EXPECT_EQ(empty.check().error().message, "workflow: it has no states");

    WorkflowDefinition twice;
    twice.add(WaitState{"Wait", kSecond, {}});
    twice.add(WaitState{"Wait", kSecond, {}});
    EXPECT_EQ(twice.check().error().message, R"(workflow: the state "Wait" is there twice)");

    WorkflowDefinition idle;
    idle.add(TaskState{.name = "Do", .run = nullptr, .next = {}});
    EXPECT_EQ(idle.check().error().message, R"(workflow: the state "Do" does nothing)");

    WorkflowDefinition mute;
    mute.add(TokenState{"Ask", nullptr, kSecond, {}, {}, {}});
    EXPECT_EQ(mute.check().error().message, R"(workflow: the state "Ask" does nothing)");
}

TEST(WorkflowDefinition, SaysWhichNameLeadsNowhere) {
    const auto wrong = [](auto state) {
        WorkflowDefinition definition;
        definition.add(std::move(state));
        const auto checked = definition.check();
        return checked ? std::string("sound") : checked.error().message;
    };
    const std::string expected = R"(workflow: the state "A" goes to "B", which is not there)";
    EXPECT_EQ(wrong(WaitState{"A", kSecond, "B"}), expected);
    EXPECT_EQ(wrong(TaskState{.name = "A", .run = nothing(), .next = "B"}), expected);
    EXPECT_EQ(wrong(TaskState{.name = "A", .run = nothing(), .next = {}, .on_error = "B"}), expected);
    EXPECT_EQ(wrong(TokenState{"A", nothing(), kSecond, "B", {}, {}}), expected);
    EXPECT_EQ(wrong(TokenState{"A", nothing(), kSecond, {}, "B", {}}), expected);
    EXPECT_EQ(wrong(TokenState{"A", nothing(), kSecond, {}, {}, "B"}), expected);
}

}  // namespace
}  // namespace loadgen::services::runtime
