// The life of a service process after its server has started.
#pragma once

#include "services/platform/server.hpp"

namespace loadgen::services::platform {

/// What the service does at the turns of its life. All run on the main thread.
struct LifeCycle {
    std::function<void()> ready;     ///< signals are handled from now on
    std::function<void()> draining;  ///< a signal came; the drain begins next
};

/// Waits for SIGTERM or SIGINT, drains the server, and returns when that is done. A second signal ends the
/// process at once with 128 + its number. Call from the main thread.
void run_until_terminated(Server& server, const telemetry::Logger& logger, const LifeCycle& life);

}  // namespace loadgen::services::platform
