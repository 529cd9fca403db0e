// Steps of WebSocket scenarios: the connection of a user, messages that it sends and waits for.
#pragma once

#include "loadgen/steps/requests/answer_body.hpp"
#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// Sends the handshake.
Next open_socket(Stage& stage, Strand& strand, const plan::SocketConnectStep& step);
/// The answer to the handshake is here, or why there is none.
Next take_handshake(Stage& stage, Strand& strand, const Answer& answer);

/// `send` and `wait`. `per_request`: the phase deals out due instants to what is sent.
Next exchange_message(Stage& stage, Strand& strand, const plan::SocketSendStep& step, bool per_request);
/// The message is on its way, or its answer is here, or it will not come.
Next take_message(Stage& stage, Strand& strand, const plan::SocketSendStep& step, const Answer& answer,
                  BodyTools& tools);

}  // namespace loadgen::steps
