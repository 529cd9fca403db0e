#include "loadgen/steps/flow/assign.hpp"

#include "loadgen/steps/flow/pretend.hpp"
#include "loadgen/steps/metric_names.hpp"
#include "loadgen/steps/requests/expect.hpp"

namespace loadgen::steps {

Next set_variables(Stage& stage, Strand& strand, const plan::SetStep& step) {
    User& user = *strand.user;
    for (const plan::Assignment& assignment : step.assignments) {
        const Evaluation evaluation(stage, user);
        text::Value value =
            std::visit([&evaluation](const auto& source) { return source.evaluate(evaluation.scope()); },
                       assignment.value);
        if (!evaluation.fault().empty() && stage.pretending) {
            value = placeholder(stage, assignment.target.slot);
            note(stage, strand,
                 stage.plan.slots.name(assignment.target.slot) + " is taken to be " + value.string() + ": " +
                     evaluation.fault());
        } else if (!evaluation.fault().empty()) {
            fail(strand, failure::kVariable,
                 stage.plan.slots.name(assignment.target.slot) + ": " + evaluation.fault());
            break;
        }
        assign(user, assignment.target, std::move(value));
    }
    ++strand.pc;
    return Next::kGoOn;
}

Next check_assertion(Stage& stage, Strand& strand, const plan::AssertStep& step) {
    if (stage.pretending) {
        ++strand.pc;
        return Next::kGoOn;
    }
    const Evaluation evaluation(stage, *strand.user);
    const bool holds = step.condition.evaluate(evaluation.scope()).truthy() && evaluation.fault().empty();
    stage.meter.expectation(holds, kAssertType, stage.host.now());
    if (!holds) {
        std::string detail = step.name.empty() ? step.text : step.name + ": " + step.text;
        if (!evaluation.fault().empty()) detail += ": " + evaluation.fault();
        fail(strand, failure::kAssertion, std::move(detail));
    }
    ++strand.pc;
    return Next::kGoOn;
}

Next log(Stage& stage, Strand& strand, const plan::LogStep& step) {
    const Evaluation evaluation(stage, *strand.user);
    stage.scratch.clear();
    step.text.append(stage.scratch, evaluation.scope());
    stage.host.say(stage.scratch);
    ++strand.pc;
    return Next::kGoOn;
}

}  // namespace loadgen::steps
