// `sse`: a request whose body is read as server-sent events until enough of them have come.
#pragma once

#include "loadgen/steps/requests/answer_body.hpp"
#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// Gets the request on its way, as send_request does.
Next open_events(Stage& stage, Strand& strand, const plan::EventStreamStep& step, bool per_request,
                 BodyTools& tools);

/// The stream is over: by its user, the server or the time.
Next take_events_end(Stage& stage, Strand& strand, const plan::EventStreamStep& step, const Answer& answer,
                     BodyTools& tools);

}  // namespace loadgen::steps
