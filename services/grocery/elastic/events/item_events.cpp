#include "services/grocery/elastic/events/item_events.hpp"

namespace loadgen::services::grocery::elastic {
namespace {

constexpr std::size_t kMaxGathered = 500;  // 2000 a second

}  // namespace

ItemEvents::ItemEvents(runtime::ServiceContext& context)
    : context_(context), dropped_(context.meter().counter("grocery.item_events.dropped", "{event}")) {}

void ItemEvents::add(ItemEvent event) {
    const std::lock_guard lock(mutex_);
    if (gathered_.size() >= kMaxGathered) return dropped_.add();
    gathered_.push_back(std::move(event));
}

void ItemEvents::flush() {
    std::vector<ItemEvent> events;
    {
        const std::lock_guard lock(mutex_);
        events.swap(gathered_);
    }
    if (events.empty()) return;
    const std::size_t count = events.size();
    context_.transact(
        "tell item events", {},
        [events = std::move(events)](runtime::Transaction& transaction) -> Result<void> {
            for (const ItemEvent& event : events) {
                auto told = transaction.publish({.type = ItemEvent::kType, .data = write(event)});
                if (!told) return told;
            }
            return {};
        },
        [this, count](Result<void> outcome) {
            if (!outcome) dropped_.add(count);
        });
}

}  // namespace loadgen::services::grocery::elastic
