// Steps of WebSocket scenarios, and server-sent events.
#pragma once

#include "loadgen/plan/steps.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"
#include "loadgen/scenario/artillery/request.hpp"

namespace loadgen::scenario::artillery {

/// What the flow's first `connect` says (may be absent), with config.ws and the target behind it.
plan::SocketConnectStep compile_connect(Compilation& compilation, const FlowContext& flow,
                                        const Spot& connect);
plan::SocketSendStep compile_send(Compilation& compilation, const FlowContext& flow, const Spot& send,
                                  const Spot& name);
plan::SocketSendStep compile_wait(Compilation& compilation, const FlowContext& flow, const Spot& wait,
                                  const Spot& name);
plan::EventStreamStep compile_events(Compilation& compilation, const FlowContext& flow, const Spot& spot);

/// `proxy`, here or in config.ws.
void refuse_proxy(Compilation& compilation, const Spot& proxy);

}  // namespace loadgen::scenario::artillery
