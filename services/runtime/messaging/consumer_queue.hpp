// One subscription of a service as its queue on the bus.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "services/bus/bus.hpp"
#include "services/runtime/consumers.hpp"
#include "services/runtime/messaging/consumer_metrics.hpp"
#include "services/runtime/messaging/messaging_parts.hpp"
#include "services/runtime/store_transaction.hpp"

namespace loadgen::services::runtime {

/// What consuming needs besides. Outlives the consumers, too.
struct ConsumerParts : MessagingParts {
    const TransactionParts& transactions;
    /// Wakes what a committed transaction has given work. Any thread.
    std::function<void(const StoreTransaction::Effects&)> committed;
};

/// Does not change while events are consumed: read from any thread.
struct ConsumerQueue {
    ConsumerQueue(const ConsumerParts& service_parts, Subscription wanted, HandleEvent handler);

    bus::QueueSettings settings() const;
    /// Before the first batch.
    void start_counting();
    /// An effect of this event begins a trace of its own, with a link to the event's.
    bool links(const contracts::Event& event) const;
    /// What makes two events the same one for this queue.
    std::string inbox_key(const contracts::Event& event) const;

    const ConsumerParts& parts;
    const Subscription subscription;
    const std::string name;  ///< in this environment
    const HandleEvent handle;
    std::unique_ptr<ConsumerMetrics> metrics;  ///< from the start of consuming
};

}  // namespace loadgen::services::runtime
