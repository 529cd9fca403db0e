#include "loadgen/steps/flow/loop.hpp"

#include <algorithm>
#include <cmath>

#include "loadgen/steps/flow/condition.hpp"
#include "loadgen/steps/flow/pretend.hpp"

namespace loadgen::steps {
namespace {

std::int64_t whole(double number) {
    if (std::isnan(number)) return 0;
    return static_cast<std::int64_t>(std::clamp(number, -1.0, 1e15));
}

text::Value index_value(std::int64_t index) {
    return text::Value(static_cast<double>(index));
}

text::Value element_at(const text::Value& list, std::int64_t index) {
    if (!list.is_array() || index < 0 || index >= static_cast<std::int64_t>(list.elements().size()))
        return {};
    return list.elements()[static_cast<std::size_t>(index)];
}

void leave(const Stage& stage, Strand& strand, std::uint32_t loop_pc) {
    strand.pc = stage.plan.program.code[loop_pc].jump;
}

}  // namespace

LoopRange loop_range(const text::Value& count) {
    if (count.is_string()) {
        const std::string& text = count.string();
        const auto dash = text.find('-', 1);
        if (dash != std::string::npos) {
            return {whole(text::Value(text.substr(0, dash)).to_number()),
                    std::max<std::int64_t>(0, whole(text::Value(text.substr(dash + 1)).to_number()))};
        }
    }
    const std::int64_t end = whole(count.to_number());
    return {0, end};
}

Next enter_loop(Stage& stage, Strand& strand, const plan::LoopStep& step) {
    User& user = *strand.user;
    Round round;
    round.step = &step;
    const Evaluation evaluation(stage, user);
    LoopRange range{0, -1};
    if (!step.count.is_constant() || !step.count.constant().empty()) {
        range = loop_range(step.count.evaluate(evaluation.scope()));
    }
    if (step.over) {
        round.over = step.over->evaluate(evaluation.scope());
        if (!round.over.is_array() && stage.pretending) {
            round.over = text::Value(text::Value::Array{placeholder(stage, step.element_slot)});
            note(stage, strand, "one round: its list comes from an answer");
        }
        if (!round.over.is_array()) {
            leave(stage, strand, strand.pc);
            return Next::kGoOn;
        }
        range.end = static_cast<std::int64_t>(round.over.elements().size());
    } else if (step.condition) {
        range.end = -1;
    }
    round.index = range.begin;
    round.end = range.end;
    assign(user, step.element_slot,
           step.over ? element_at(round.over, round.index) : index_value(round.index));
    assign(user, step.index_slot, index_value(round.index));
    if (round.end >= 0 && round.index >= round.end) {
        leave(stage, strand, strand.pc);
        return Next::kGoOn;
    }
    strand.rounds.push_back(std::move(round));
    ++strand.pc;
    return Next::kGoOn;
}

Next next_round(Stage& stage, Strand& strand) {
    User& user = *strand.user;
    Round& round = strand.rounds.back();
    const plan::LoopStep& step = *round.step;
    if (!strand.asked) {
        ++round.index;
        assign(user, step.index_slot, index_value(round.index));
        if (step.over) assign(user, step.element_slot, element_at(round.over, round.index));
    }
    bool again = round.end < 0 || round.index < round.end;
    if (step.condition) {
        const auto verdict = ask(stage, strand, *step.condition, true);
        if (!verdict) return Next::kWait;
        again = *verdict;
    }
    if (again) {
        strand.pc = instruction(stage, strand).jump;
    } else {
        strand.rounds.pop_back();
        ++strand.pc;
    }
    return Next::kGoOn;
}

}  // namespace loadgen::steps
