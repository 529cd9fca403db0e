// Brings events from the bus to the functions of a service, each effect once.
#pragma once

#include <memory>
#include <vector>

#include "services/bus/bus.hpp"
#include "services/runtime/consumers.hpp"
#include "services/runtime/messaging/consumer_queue.hpp"

namespace loadgen::services::runtime {

/// The subscriptions of one service. Filled while it starts, then `declare` and `start`; one thread at a
/// time. Errors are the bus's.
class EventConsumers final : public Consumers {
  public:
    explicit EventConsumers(ConsumerParts parts);
    ~EventConsumers() override;

    void on(Subscription subscription, ApplyEvent apply) override;
    void on_async(Subscription subscription, HandleEvent handle) override;

    /// Declares the queues: from now on they collect events.
    Result<void> declare();
    /// Starts taking, and telling the meter of the queues.
    Result<void> start();
    /// Takes no new batch; does not wait for those under way.
    void stop();
    /// After `stop`: no batch is being worked on.
    bool idle() const;

  private:
    const ConsumerParts parts_;
    std::vector<std::unique_ptr<ConsumerQueue>> queues_;
    std::vector<std::unique_ptr<bus::Consumer>> consumers_;
};

}  // namespace loadgen::services::runtime
