#include "loadgen/steps/due_queue.hpp"

#include <algorithm>
#include <tuple>

namespace loadgen::steps {

bool DueQueue::later(const Entry& a, const Entry& b) {
    return std::tie(a.due, a.order) > std::tie(b.due, b.order);
}

void DueQueue::push(Instant due, Strand& strand) {
    heap_.push_back({due, order_++, &strand});
    std::push_heap(heap_.begin(), heap_.end(), later);
}

std::optional<Instant> DueQueue::next() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().due;
}

Strand* DueQueue::pop_due(Instant now) {
    if (heap_.empty() || heap_.front().due > now) return nullptr;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Strand* strand = heap_.back().strand;
    heap_.pop_back();
    return strand;
}

void DueQueue::remove(const Strand& strand) {
    const auto found = std::find_if(heap_.begin(), heap_.end(),
                                    [&strand](const Entry& entry) { return entry.strand == &strand; });
    if (found == heap_.end()) return;
    heap_.erase(found);
    std::make_heap(heap_.begin(), heap_.end(), later);
}

}  // namespace loadgen::steps
