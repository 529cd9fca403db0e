// The declared queues and who wants which event, kept in memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "services/bus/bus.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::bus::detail {

struct Queue {
    std::int64_t id = 0;
    QueueSettings settings;
};

/// What a row of the table `queues` keeps of the rules.
std::string write_rules(const std::vector<Rule>& rules);
Result<std::vector<Rule>> read_rules(std::string_view text);

bool same_settings(const QueueSettings& left, const QueueSettings& right);

/// Reads the queue with this name; id 0 when there is none.
Result<Queue> read_queue(store::Statements& tables, std::string_view name);

/// Belongs to the store's writing thread. Pointers and answers hold until the next refresh.
class QueueTable {
  public:
    using Targets = std::vector<const Queue*>;

    /// Loads the queues unless those of this version are here already.
    Result<void> refresh(store::Statements& tables, std::int64_t version);

    /// Null when there is no such queue.
    const Queue* find(std::int64_t id) const;
    /// The queues that get a copy.
    const Targets& targets(std::string_view type, std::string_view source);

  private:
    std::int64_t version_ = -1;
    std::vector<Queue> queues_;
    std::unordered_map<std::string, Targets> known_targets_;  // by type and source
    std::string key_;                                         // reused
};

}  // namespace loadgen::services::bus::detail
