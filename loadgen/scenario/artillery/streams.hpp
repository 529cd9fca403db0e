// How many connections the steps of a user need at once.
#pragma once

#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

/// Counts the event streams that a user of this flow (a list of steps) may have open at once beside other
/// steps into compilation.streams_at_once, and warns where `maxSockets` or `pool` leaves too few connections,
/// and where requests of a `parallel` have only one.
void note_streams(Compilation& compilation, const Spot& flow);

}  // namespace loadgen::scenario::artillery
