// A request step from its turn to its end: pacing, beforeRequest hooks, the request, captures, expectations,
// afterResponse hooks.
#pragma once

#include "loadgen/steps/answer_body.hpp"
#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// Gets the request on its way, or waits for its due instant or for the processor and comes back here.
/// `per_request`: the phase deals out due instants to requests.
Next send_request(Stage& stage, Strand& strand, const plan::RequestStep& step, std::uint32_t index,
                  bool per_request);

/// The answer is here: what the script wants of it is taken, and the strand may go on, unless a hook comes
/// first.
Next take_answer(Stage& stage, Strand& strand, const plan::RequestStep& step, std::uint32_t index,
                 const Answer& answer, BodyTools& tools);

}  // namespace loadgen::steps
