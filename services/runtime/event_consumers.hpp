// Brings events from the bus to the functions of a service, each effect once.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "common/telemetry/logger.hpp"
#include "common/telemetry/metrics.hpp"
#include "common/telemetry/tracer.hpp"
#include "services/bus/bus.hpp"
#include "services/runtime/background.hpp"
#include "services/runtime/consumers.hpp"
#include "services/runtime/faults.hpp"
#include "services/runtime/settings.hpp"
#include "services/runtime/store_transaction.hpp"

namespace loadgen::services::runtime {

/// What consuming needs of its service. Everything outlives the consumers.
struct ConsumerParts {
    std::string_view service;
    std::string_view service_name;  ///< messaging.client.id
    const Settings& settings;
    store::Store& store;
    bus::Bus& bus;
    Background& background;
    const telemetry::Tracer& tracer;
    telemetry::Meter& meter;
    const telemetry::Logger& logger;
    const Clock& clock;
    Faults& faults;
    const TransactionParts& transactions;
    /// Wakes what a committed transaction has given work. Any thread.
    std::function<void(const StoreTransaction::Effects&)> committed;
};

/// The subscriptions of one service. Filled while it starts, then `start`.
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
    /// Takes no new batch.
    void stop();
    /// After `stop`: no batch is being worked on.
    bool idle() const;

    struct Queue;       ///< one subscription, with its name in this environment
    class BatchWork;    ///< one batch on its way through a queue's function
    class BatchMember;  ///< one event of it

  private:
    const ConsumerParts parts_;
    std::vector<std::unique_ptr<Queue>> queues_;
    std::vector<std::unique_ptr<bus::Consumer>> consumers_;
};

}  // namespace loadgen::services::runtime
