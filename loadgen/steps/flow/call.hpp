// Steps and hooks that the processor runs. Each makes one call; the strand comes back to its instruction with
// the reply.
#pragma once

#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// `function`, beforeScenario, afterScenario.
Next call_step(Stage& stage, Strand& strand, plan::FunctionIndex function);
/// A function that says whether; `strand.asked` and `strand.answer` then hold what it said.
void call_condition(Stage& stage, Strand& strand, plan::FunctionIndex function, bool in_loop);
Next call_before_request(Stage& stage, Strand& strand, plan::FunctionIndex function);
/// `connect.function`: sees and changes what the connection is made of.
Next call_connect(Stage& stage, Strand& strand, plan::FunctionIndex function);
Next call_after_response(Stage& stage, Strand& strand, plan::FunctionIndex function);
void call_on_error(Stage& stage, Strand& strand, plan::FunctionIndex function);

}  // namespace loadgen::steps
