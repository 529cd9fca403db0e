#include "common/io/timer_wheel.hpp"

#include <algorithm>

namespace loadgen::io {

TimerWheel::~TimerWheel() {
    for (Deadline& slot : slots_) {
        while (slot.next_ != &slot) slot.next_->cancel();
        slot.previous_ = slot.next_ = nullptr;
    }
}

void TimerWheel::arm(Deadline& deadline, Instant when) {
    deadline.cancel();
    // Rounded up, and at least one tick ahead of the slot that was swept last.
    deadline.tick_ = std::max(tick_at(when) + 1, current_ + 1);
    Deadline& slot = slots_[deadline.tick_ % kSlots];
    deadline.previous_ = slot.previous_;
    deadline.next_ = &slot;
    slot.previous_->next_ = &deadline;
    slot.previous_ = &deadline;
}

}  // namespace loadgen::io
