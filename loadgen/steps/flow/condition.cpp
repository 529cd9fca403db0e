#include "loadgen/steps/flow/condition.hpp"

#include "loadgen/steps/flow/call.hpp"
#include "loadgen/steps/flow/pretend.hpp"
#include "loadgen/steps/metric_names.hpp"

namespace loadgen::steps {

std::optional<bool> ask(Stage& stage, Strand& strand, const plan::Condition& condition, bool in_loop) {
    if (stage.pretending) return pretend(stage, strand, condition, in_loop);
    if (const auto* expression = std::get_if<text::Expression>(&condition)) {
        const Evaluation evaluation(stage, *strand.user);
        const bool holds = expression->evaluate(evaluation.scope()).truthy();
        if (!evaluation.fault().empty()) fail(strand, failure::kCondition, evaluation.fault());
        return holds;
    }
    if (strand.asked) {
        strand.asked = false;
        return strand.answer;
    }
    call_condition(stage, strand, std::get<plan::FunctionIndex>(condition), in_loop);
    return std::nullopt;
}

Next guard(Stage& stage, Strand& strand, const plan::GuardStep& step) {
    bool runs = true;
    if (step.probability && !strand.asked) runs = strand.user->random.uniform() < *step.probability;
    if (runs && step.condition) {
        const auto verdict = ask(stage, strand, *step.condition, false);
        if (!verdict) return Next::kWait;
        runs = *verdict;
    }
    strand.pc = runs ? strand.pc + 1 : instruction(stage, strand).jump;
    return Next::kGoOn;
}

}  // namespace loadgen::steps
