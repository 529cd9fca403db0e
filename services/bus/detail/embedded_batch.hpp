// A batch and a consumer of the embedded engine, as their users hold them.
#pragma once

#include "services/bus/detail/mailbox.hpp"

namespace loadgen::services::bus::detail {

/// Owns its deliveries. Counts as in flight until it is settled or destroyed.
class EmbeddedBatch final : public Batch {
  public:
    EmbeddedBatch(std::shared_ptr<Mailbox> mailbox, std::shared_ptr<ConsumerState> consumer,
                  std::vector<Delivery> deliveries);
    ~EmbeddedBatch() override;
    EmbeddedBatch(const EmbeddedBatch&) = delete;
    EmbeddedBatch& operator=(const EmbeddedBatch&) = delete;

    std::span<const Delivery> deliveries() const override { return deliveries_; }
    std::string_view queue() const override { return consumer_->queue_name; }
    void settle(std::span<const std::size_t> failed, Nanos retry_after) override;

  private:
    const std::shared_ptr<Mailbox> mailbox_;
    const std::shared_ptr<ConsumerState> consumer_;
    const std::vector<Delivery> deliveries_;
    std::atomic<bool> settled_{false};
};

/// Destroying it waits for a handler that is just being called, unless it is the handler that does so.
class EmbeddedConsumer final : public Consumer {
  public:
    EmbeddedConsumer(std::shared_ptr<Mailbox> mailbox, std::shared_ptr<ConsumerState> state)
        : mailbox_(std::move(mailbox)), state_(std::move(state)) {}
    ~EmbeddedConsumer() override;
    EmbeddedConsumer(const EmbeddedConsumer&) = delete;
    EmbeddedConsumer& operator=(const EmbeddedConsumer&) = delete;

    void stop() override { state_->stopped.store(true); }
    bool idle() const override { return state_->in_flight.load() == 0; }

  private:
    const std::shared_ptr<Mailbox> mailbox_;
    const std::shared_ptr<ConsumerState> state_;
};

}  // namespace loadgen::services::bus::detail
