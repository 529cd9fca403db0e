#include "loadgen/steps/flow/pretend.hpp"

#include <algorithm>

namespace loadgen::steps {
namespace {

bool reads_placeholder(const Stage& stage, const User& user, const text::Expression& expression) {
    const auto& reads = expression.reads();
    return std::any_of(reads.begin(), reads.end(), [&](text::Slot slot) {
        return slot < user.values.size() && user.values[slot] == placeholder(stage, slot);
    });
}

}  // namespace

text::Value placeholder(const Stage& stage, text::Slot slot) {
    return text::Value("<" + stage.plan.slots.name(slot) + ">");
}

void note(Stage& stage, const Strand& strand, const std::string& text) {
    const auto& marks = stage.plan.program.marks;
    const std::uint32_t line = strand.pc < marks.size() ? marks[strand.pc].line : 0;
    stage.host.say((line == 0 ? "# " : "# line " + std::to_string(line) + ": ") + text);
}

bool pretend(Stage& stage, Strand& strand, const plan::Condition& condition, bool in_loop) {
    const std::string taken = in_loop ? "one round: " : "taken to be true: ";
    const auto* expression = std::get_if<text::Expression>(&condition);
    if (expression == nullptr) {
        note(stage, strand, taken + "a function of the processor decides");
        return !in_loop;
    }
    if (reads_placeholder(stage, *strand.user, *expression)) {
        note(stage, strand, taken + "it depends on an answer");
        return !in_loop;
    }
    const Evaluation evaluation(stage, *strand.user);
    const bool holds = expression->evaluate(evaluation.scope()).truthy();
    if (evaluation.fault().empty()) return holds;
    note(stage, strand, taken + evaluation.fault());
    return !in_loop;
}

}  // namespace loadgen::steps
