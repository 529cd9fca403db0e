#include "loadgen/steps/calls.hpp"

#include <algorithm>

namespace loadgen::steps {

Calls::Calls(Stage& stage, scripting::Processor& processor, std::function<void(Strand&)> resume)
    : stage_(stage), processor_(processor), resume_(std::move(resume)) {
    processor_.answer_to(*this);
}

void Calls::make(Strand& strand, scripting::ProcessorCall call) {
    User& user = *strand.user;
    call.token = next_token_++;
    call.user = user.number;
    call.scenario = user.journey->number;
    add_variables(user, call);
    strand.waiting = Waiting::kProcessor;
    strand.call_start = stage_.host.now();
    waiting_.emplace(call.token, &strand);
    processor_.call(call);
}

void Calls::add_variables(User& user, scripting::ProcessorCall& call) {
    const text::SlotTable& names = stage_.plan.slots;
    if (user.known_to == processor_.generation()) {
        for (const text::Slot slot : user.changed)
            call.variables.push_back({names.name(slot), user.values[slot]});
    } else {
        for (text::Slot slot = 0; slot < user.values.size(); ++slot) {
            const bool shared =
                slot < stage_.plan.initial.size() && user.values[slot] == stage_.plan.initial[slot];
            if (!shared && !user.values[slot].is_undefined()) {
                call.variables.push_back({names.name(slot), user.values[slot]});
            }
        }
        for (const auto& [name, value] : user.others) call.variables.push_back({name, value});
        user.known_to = processor_.generation();
    }
    user.changed.clear();
}

void Calls::take_variables(User& user, std::vector<text::Value::Member>& variables) {
    for (auto& [name, value] : variables) {
        if (const auto slot = stage_.plan.slots.find(name)) {
            if (*slot >= user.values.size()) user.values.resize(*slot + 1);
            user.values[*slot] = std::move(value);  // the processor knows: not to be told again
            continue;
        }
        const auto known = std::find_if(user.others.begin(), user.others.end(),
                                        [&name](const auto& other) { return other.first == name; });
        if (known == user.others.end()) {
            user.others.emplace_back(std::move(name), std::move(value));
        } else {
            known->second = std::move(value);
        }
    }
}

void Calls::forget(User& user) {
    if (user.known_to != 0) processor_.end_user(user.number);
}

void Calls::on_reply(scripting::ProcessorReply&& reply) {
    const auto found = waiting_.find(reply.token);
    if (found == waiting_.end()) return;
    Strand& strand = *found->second;
    waiting_.erase(found);
    const Instant now = stage_.host.now();
    stage_.meter.processor_call(reply.took, now);
    strand.due += now - strand.call_start;
    strand.asked = true;
    strand.answer = reply.answer;
    take_variables(*strand.user, reply.variables);
    if (strand.hooked) {
        for (auto& [name, value] : reply.request) {
            strand.hooked->parameters = with_member(strand.hooked->parameters, {name}, 0, value);
            std::erase_if(strand.hooked->changed, [&name](const auto& known) { return known.first == name; });
            strand.hooked->changed.emplace_back(std::move(name), std::move(value));
        }
    }
    if (!reply.ok) fail(strand, std::move(reply.error), std::move(reply.detail));
    resume_(strand);
}

void Calls::on_metric(const scripting::EmittedMetric& metric) {
    using Kind = scripting::EmittedMetric::Kind;
    const Instant now = stage_.host.now();
    switch (metric.kind) {
        case Kind::kCounter:
            return stage_.meter.counter(metric.name, metric.value, now);
        case Kind::kHistogram:
            return stage_.meter.histogram(metric.name, metric.value, now);
        case Kind::kRate:
            return stage_.meter.rate(metric.name, now);
        case Kind::kError:
            return stage_.meter.error(metric.name, now);
    }
}

}  // namespace loadgen::steps
