#include "loadgen/scenario/artillery/loops.hpp"

#include <utility>

#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/settings.hpp"
#include "loadgen/scenario/artillery/texts.hpp"

namespace loadgen::scenario::artillery {
namespace {

bool is_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

/// "2-5": from, and the first that is not.
bool is_range(std::string_view text) {
    const auto dash = text.find('-');
    return dash != text.npos && is_digits(text.substr(0, dash)) && is_digits(text.substr(dash + 1));
}

/// The slot of a variable that a loop sets.
text::Slot loop_slot(Compilation& compilation, const Spot& name, text::Slot usual) {
    if (!name) return usual;
    const auto target = compile_target(compilation, name, read_text(name), false);
    if (target && !target->members.empty())
        compilation.findings.error(
            name, "found " + shown(name->scalar) + ", expected the plain name of a variable");
    return target ? target->slot : usual;
}

class LoopCompiler {
  public:
    LoopCompiler(Compilation& compilation, const Spot& spot) : compilation_(compilation), spot_(spot) {}

    plan::LoopStep compile(bool& endless) {
        const plan::WellKnownSlots& known = compilation_.plan.known;
        step_.index_slot = loop_slot(compilation_, spot_.member("loopValue"), known.loop_count);
        step_.element_slot = loop_slot(compilation_, spot_.member("loopElement"), known.loop_element);
        if (const Spot condition = spot_.member("whileTrue")) {
            step_.condition = compile_condition(compilation_, condition, ExpressionPlace::kRepetition);
            if (step_.condition && constant_truth(*step_.condition))
                compilation_.findings.warning(condition, "reads no variable, so it is always the same");
        }
        over();
        count();
        endless = endless_ && !spot_.member("over") && !spot_.member("whileTrue");
        return std::move(step_);
    }

  private:
    Compilation& compilation_;
    const Spot& spot_;
    plan::LoopStep step_;
    bool endless_ = true;

    void over() {
        const Spot over = spot_.member("over");
        if (!over) return;
        if (!over->is_scalar() || has_template(*over)) {
            step_.over = compile_value(compilation_, over);
            return;
        }
        // The name of a variable; written so, a template gives the list itself.
        step_.over =
            text::ValueTemplate::text(compile_text(compilation_, over, "{{ " + over->scalar + " }}"));
    }

    void count() {
        const Spot count = spot_.member("count");
        if (!count || !count->is_scalar()) return;
        for (const char* key : {"over", "whileTrue"})
            if (spot_.member(key))
                compilation_.findings.warning(count.key_place, count.path,
                                              std::string("has no effect beside ") + key);
        const std::string& text = count->scalar;
        if (has_template(text)) {
            step_.count = compile_text(compilation_, count);
            endless_ = false;
            return;
        }
        const auto number = number_of(*count);
        const bool whole = number && *number == static_cast<double>(static_cast<std::int64_t>(*number));
        if (!is_range(text) && !(whole && *number >= -1)) {
            endless_ = false;
            compilation_.findings.error(
                count,
                "found " + shown(text) + ", expected a number of rounds, a range such as \"2-5\", or -1");
            return;
        }
        // As in JavaScript, the number 0 is as good as none; the text "0" is a number of rounds.
        const bool none = number && *number == 0 && count->plain;
        endless_ = none || (number && *number == -1);
        step_.count = text::Template::literal(endless_ ? "-1" : text);
        if (none)
            compilation_.findings.warning(count, "is 0, which means for ever, as in Artillery; -1 says so");
    }
};

}  // namespace

plan::LoopStep compile_loop(Compilation& compilation, const Spot& spot, bool& endless) {
    return LoopCompiler(compilation, spot).compile(endless);
}

plan::ThinkStep compile_think(Compilation& compilation, const Spot& spot) {
    plan::ThinkStep step;
    const Spot think = spot.member("think");
    const Spot jitter = spot.member("jitter");
    step.jitter = jitter ? read_jitter(compilation, jitter) : compilation.default_jitter;
    if (has_template(*think)) {
        step.duration = compile_text(compilation, think);
    } else {
        step.fixed = read_duration(compilation, think);
    }
    return step;
}

plan::SetStep compile_set(Compilation& compilation, const Spot& spot) {
    plan::SetStep step;
    for (std::size_t i = 0; i < spot->members.size(); ++i) {
        const Spot value = spot.member_at(i);
        plan::Assignment assignment;
        const bool is_expression =
            value->is_scalar() && scalar_value(*value).is_string() && !has_template(*value);
        if (is_expression) {
            // One that does not compile sets its variable all the same: what reads that is no mistake.
            auto expression = compile_expression(compilation, value, ExpressionPlace::kAssignment);
            if (expression) assignment.value = std::move(*expression);
        } else {
            assignment.value = compile_value(compilation, value);
        }
        // After the value: what it reads was set before.
        auto target = compile_target(compilation, value, spot->members[i].key, false);
        if (!target) continue;
        assignment.target = std::move(*target);
        step.assignments.push_back(std::move(assignment));
    }
    return step;
}

}  // namespace loadgen::scenario::artillery
