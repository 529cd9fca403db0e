// A hashed timing wheel (Varghese and Lauck, 1987, scheme 6): cheap deadlines by the hundred thousand.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "common/base/time.hpp"

namespace loadgen::io {

/// One deadline, embedded in whatever it belongs to. In at most one wheel at a time; leaves it when
/// destroyed.
class Deadline {
  public:
    Deadline() = default;
    ~Deadline() { cancel(); }
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

    bool armed() const { return previous_ != nullptr; }
    void cancel() {
        if (!armed()) return;
        previous_->next_ = next_;
        next_->previous_ = previous_;
        previous_ = next_ = nullptr;
    }

  private:
    friend class TimerWheel;
    Deadline* previous_ = nullptr;
    Deadline* next_ = nullptr;
    std::uint64_t tick_ = 0;
};

/// Deadlines with 1 ms grain; arming and cancelling cost a few nanoseconds and allocate nothing. Not
/// thread-safe.
class TimerWheel {
  public:
    static constexpr Nanos kTick{1'000'000};

    explicit TimerWheel(Instant start) : start_(start) {
        for (Deadline& slot : slots_) slot.previous_ = slot.next_ = &slot;
    }
    ~TimerWheel();

    /// Replaces an earlier deadline of the same object. Expires at `when` or up to two ticks later, never
    /// earlier.
    void arm(Deadline& deadline, Instant when);

    /// Calls `expired(Deadline&)` for each deadline that has passed; each is disarmed first and may be armed
    /// again.
    template <typename Expired>
    void advance(Instant now, Expired&& expired) {
        const std::uint64_t target = tick_at(now);
        // After a long sleep one round over all slots finds everything.
        if (target > current_ + kSlots) current_ = target - kSlots;
        while (current_ < target) {
            ++current_;
            Deadline& slot = slots_[current_ % kSlots];
            Deadline* entry = slot.next_;
            while (entry != &slot) {
                Deadline* following = entry->next_;
                if (entry->tick_ <= target) {
                    entry->cancel();
                    expired(*entry);
                    // The callback may have changed this slot: start over.
                    following = slot.next_;
                }
                entry = following;
            }
        }
    }

  private:
    static constexpr std::size_t kSlots = 4096;

    std::uint64_t tick_at(Instant when) const {
        const auto ticks = (when - start_) / kTick;
        return ticks < 0 ? 0 : static_cast<std::uint64_t>(ticks);
    }

    Instant start_;
    std::uint64_t current_ = 0;
    std::array<Deadline, kSlots> slots_;  // each the head of a ring
};

}  // namespace loadgen::io
