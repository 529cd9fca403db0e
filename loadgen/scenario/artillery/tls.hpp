// How TLS connections are made.
#pragma once

#include "loadgen/plan/connection_policy.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

/// From config.tls, and for WebSockets config.ws and the `connect` of each flow. All connections of a run
/// have the same: warns of what is not used, and of what WebSockets bring that holds for HTTP requests, too.
void compile_tls(Compilation& compilation, plan::TlsPolicy& tls);

}  // namespace loadgen::scenario::artillery
