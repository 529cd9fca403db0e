#include "loadgen/steps/flow/call.hpp"

#include "loadgen/steps/calls.hpp"

namespace loadgen::steps {
namespace {

scripting::ProcessorCall call_of(plan::FunctionIndex function, scripting::Hook hook) {
    scripting::ProcessorCall call;
    call.function = function;
    call.hook = hook;
    return call;
}

}  // namespace

Next call_step(Stage& stage, Strand& strand, plan::FunctionIndex function) {
    if (strand.asked || stage.pretending) {
        strand.asked = false;
        ++strand.pc;
        return Next::kGoOn;
    }
    stage.calls->make(strand, call_of(function, scripting::Hook::kFunction));
    return Next::kWait;
}

void call_condition(Stage& stage, Strand& strand, plan::FunctionIndex function, bool in_loop) {
    stage.calls->make(strand,
                      call_of(function, in_loop ? scripting::Hook::kWhileTrue : scripting::Hook::kIfTrue));
}

Next call_before_request(Stage& stage, Strand& strand, plan::FunctionIndex function) {
    auto call = call_of(function, scripting::Hook::kBeforeRequest);
    call.request = strand.hooked->parameters;
    stage.calls->make(strand, std::move(call));
    return Next::kWait;
}

Next call_connect(Stage& stage, Strand& strand, plan::FunctionIndex function) {
    auto call = call_of(function, scripting::Hook::kConnect);
    call.request = strand.hooked->parameters;
    stage.calls->make(strand, std::move(call));
    return Next::kWait;
}

Next call_after_response(Stage& stage, Strand& strand, plan::FunctionIndex function) {
    auto call = call_of(function, scripting::Hook::kAfterResponse);
    call.request = strand.hooked->parameters;
    call.response = strand.hooked->response;
    stage.calls->make(strand, std::move(call));
    return Next::kWait;
}

void call_on_error(Stage& stage, Strand& strand, plan::FunctionIndex function) {
    auto call = call_of(function, scripting::Hook::kOnError);
    call.error = strand.user->failure->code;
    call.request = strand.hooked ? strand.hooked->parameters : text::Value(text::Value::Object());
    stage.calls->make(strand, std::move(call));
}

}  // namespace loadgen::steps
