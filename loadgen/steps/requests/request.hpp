// A request step from its turn to its end: pacing, beforeRequest hooks, the request, captures, expectations,
// afterResponse hooks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loadgen/steps/requests/answer_body.hpp"
#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// Of a request whose metrics are not those of a step of Program::requests.
inline constexpr std::uint32_t kNoEndpoint = UINT32_MAX;

/// Gets the request on its way, or waits for its due instant or for the processor and comes back here.
/// `per_request`: the phase deals out due instants to requests. `outgoing`: what is special about it.
Next send_request(Stage& stage, Strand& strand, const plan::RequestStep& step, std::uint32_t index,
                  bool per_request, Outgoing outgoing = {});

/// The answer is here: what the script wants of it is taken, and the strand may go on, unless a hook comes
/// first.
Next take_answer(Stage& stage, Strand& strand, const plan::RequestStep& step, std::uint32_t index,
                 const Answer& answer, BodyTools& tools);

// Parts of these for other steps that send something.

/// The user's pacing and the phase's rate decide when what is sent is due. Once a step.
Next admit(Stage& stage, Strand& strand, bool per_request);
/// What an exchange without an answer is counted by.
std::string_view error_code(const Answer& answer);
/// Checks and reports the step's expectations; those about the status decide which ones are good.
void expect(Stage& stage, Strand& strand, const plan::RequestStep& step, AnswerBody& body);
/// What comes after captures and expectations: hooks, and the end of the step. `missed`: a capture found
/// nothing.
Next conclude(Stage& stage, Strand& strand, const plan::RequestStep& step, const Answer& answer,
              const AnswerBody& body, std::optional<std::string> missed);
/// On to the next step.
Next leave_request(Strand& strand);

}  // namespace loadgen::steps
