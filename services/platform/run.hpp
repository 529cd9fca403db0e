// The life of a service process after everything has started.
#pragma once

#include <functional>

#include "common/telemetry/logger.hpp"

namespace loadgen::services::platform {

/// What the process does at the turns of its life. All run on the main thread.
struct LifeCycle {
    std::function<void()> ready;  ///< signals are handled from now on
    /// A signal came. Begins the drain and returns; `done` may be called from any thread, once.
    std::function<void(std::function<void()> done)> drain;
};

/// Waits for SIGTERM or SIGINT, drains, and returns when that is done. A second signal ends the process at
/// once with 128 + its number. Call from the main thread.
void run_until_terminated(const telemetry::Logger& logger, const LifeCycle& life);

}  // namespace loadgen::services::platform
