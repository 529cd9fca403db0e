#include "services/bus/detail/embedded_batch.hpp"

namespace loadgen::services::bus::detail {

EmbeddedBatch::EmbeddedBatch(std::shared_ptr<Mailbox> mailbox, std::shared_ptr<ConsumerState> consumer,
                             std::vector<Delivery> deliveries)
    : mailbox_(std::move(mailbox)), consumer_(std::move(consumer)), deliveries_(std::move(deliveries)) {
    consumer_->in_flight.fetch_add(1);
}

EmbeddedBatch::~EmbeddedBatch() {
    if (settled_.exchange(true)) return;
    consumer_->in_flight.fetch_sub(1);
    mailbox_->capacity_freed();
}

void EmbeddedBatch::settle(std::span<const std::size_t> failed, Nanos retry_after) {
    if (settled_.exchange(true)) return;
    std::vector<Settlement> settlements;
    settlements.reserve(deliveries_.size());
    for (const Delivery& delivery : deliveries_) {
        settlements.push_back({.queue = consumer_->queue,
                               .receipt = {delivery.sequence, delivery.receives},
                               .retry_after = retry_after});
    }
    for (const std::size_t index : failed) {
        if (index < settlements.size()) settlements[index].verdict = Verdict::kFailed;
    }
    consumer_->in_flight.fetch_sub(1);
    mailbox_->settle(std::move(settlements));
}

EmbeddedConsumer::~EmbeddedConsumer() {
    stop();
    // In its own handler the lock is held already, and the closure must live until the handler returns.
    if (mailbox_->on_dispatcher()) return;
    const std::lock_guard lock(state_->calling);
    state_->handler = nullptr;
}

}  // namespace loadgen::services::bus::detail
