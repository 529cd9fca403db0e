#include "services/bus/detail/publish.hpp"

#include <algorithm>

#include "common/base/uuid.hpp"
#include "services/contracts/message.hpp"

namespace loadgen::services::bus::detail {
namespace {

constexpr std::size_t kMostEvents = 1024;
constexpr std::size_t kMostNameBytes = 256;
constexpr std::size_t kMostDetailBytes = std::size_t{255} * 1024;  // the whole message must stay readable
constexpr std::size_t kMostBatch = 1000;

Error refused(std::string what) {
    return {ErrorCode::kUsage, "bus: " + std::move(what)};
}

Result<void> check_name(std::string_view what, std::string_view text) {
    if (!text.empty() && text.size() <= kMostNameBytes) return {};
    return refused(std::string(what) + " has " + std::to_string(text.size()) + " bytes, allowed are 1 to " +
                   std::to_string(kMostNameBytes));
}

Result<void> check_publication(const Publication& event) {
    auto checked = check_name("the id of an event", event.id);
    if (checked) checked = check_name("the type of event " + event.id, event.type);
    if (checked) checked = check_name("the source of event " + event.id, event.source);
    if (!checked) return checked;
    if (event.detail.size() > kMostDetailBytes) {
        return refused("the detail of event " + event.id + " has " + std::to_string(event.detail.size()) +
                       " bytes, allowed are " + std::to_string(kMostDetailBytes));
    }
    if (!event.detail.starts_with('{') || !event.detail.ends_with('}')) {
        return refused("the detail of event " + event.id + " is no JSON object");
    }
    if (event.delay.count() < 0) return refused("the delay of event " + event.id + " is negative");
    return {};
}

}  // namespace

Result<void> check_publications(const std::vector<Publication>& events) {
    if (events.size() > kMostEvents) {
        return refused(std::to_string(events.size()) + " events at once, allowed are " +
                       std::to_string(kMostEvents));
    }
    for (const Publication& event : events) {
        auto checked = check_publication(event);
        if (!checked) return checked;
    }
    return {};
}

Result<void> check_settings(const QueueSettings& queue) {
    auto checked = check_name("the name of a queue", queue.name);
    if (!checked) return checked;
    if (queue.batch_size < 1 || queue.batch_size > kMostBatch) {
        return refused("queue " + queue.name + ": batch size " + std::to_string(queue.batch_size) +
                       ", allowed are 1 to " + std::to_string(kMostBatch));
    }
    if (queue.max_receives < 1) return refused("queue " + queue.name + ": at least one receive is needed");
    if (queue.visibility_timeout < std::chrono::milliseconds(1)) {
        return refused("queue " + queue.name + ": the visibility timeout is at least 1ms");
    }
    if (queue.batch_window.count() < 0 || queue.dead_letter_retention.count() < 0) {
        return refused("queue " + queue.name + ": window and retention may not be negative");
    }
    return {};
}

Publish::Publish(std::vector<Publication> events, WallTime now) : events_(std::move(events)), enqueued_(now) {
    bodies_.reserve(events_.size());
    for (const Publication& event : events_) {
        bodies_.push_back(contracts::write_message({.id = new_uuid(),
                                                    .type = event.type,
                                                    .source = event.source,
                                                    .time = now,
                                                    .detail = event.detail}));
    }
}

Result<void> Publish::run(store::Statements& tables, QueueTable& queues, WallTime now) {
    auto state = read_state(tables);
    if (!state) return std::move(state).error();
    auto done = queues.refresh(tables, state->version);
    next_sequence_ = state->next_sequence;
    for (std::size_t i = 0; i < events_.size() && done; ++i) {
        const QueueTable::Targets& targets = queues.targets(events_[i].type, events_[i].source);
        if (targets.empty()) ++unrouted_;
        done = put(tables, targets, i, now);
    }
    if (!done || next_sequence_ == state->next_sequence) return done;
    return write_next_sequence(tables, next_sequence_);
}

Result<void> Publish::put(store::Statements& tables, const QueueTable::Targets& targets, std::size_t index,
                          WallTime now) {
    const Publication& event = events_[index];
    // Rounded up: no consumer sees it too early.
    const WallMs visible = event.delay.count() == 0 ? 0 : wall_ms({now.unix_ns + event.delay.count()}) + 1;
    for (const Queue* queue : targets) {
        auto put = put_copy(tables, queue->id, next_sequence_,
                            {.event_id = event.id,
                             .type = event.type,
                             .source = event.source,
                             .body = bodies_[index],
                             .enqueued = enqueued_,
                             .visible = visible});
        if (!put) return std::move(put).error();
        if (!*put) {
            ++duplicates_;
            continue;
        }
        ++next_sequence_;
        ++copies_;
        if (std::ranges::find(touched_, queue->id) == touched_.end()) touched_.push_back(queue->id);
    }
    return {};
}

}  // namespace loadgen::services::bus::detail
