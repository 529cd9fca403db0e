// Views and searches on their way to the statistics. Reads must not wait for a disk, so these facts are
// gathered and told four times a second: what a killed process had gathered is lost, and so is what exceeds
// the buffer. Nothing that a user was promised depends on them.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "services/grocery/shared/events/payloads.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::elastic {

/// Thread-safe. `context` outlives it.
class ItemEvents {
  public:
    explicit ItemEvents(runtime::ServiceContext& context);

    void add(ItemEvent event);
    /// Publishes what was gathered, in one transaction.
    void flush();

  private:
    runtime::ServiceContext& context_;
    telemetry::Counter& dropped_;
    std::mutex mutex_;
    std::vector<ItemEvent> gathered_;  // guarded by mutex_
};

}  // namespace loadgen::services::grocery::elastic
