// A bounded queue between two threads, without locks.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

namespace loadgen {

/// Single producer, single consumer. Exactly one thread pushes, exactly one pops. The slots are made once;
/// `T` must be default-constructible and movable. Each side keeps a copy of the other's index and looks again
/// only when it must.
template <typename T>
class Ring {
  public:
    /// Holds at least `capacity` entries (rounded up to a power of two).
    explicit Ring(std::size_t capacity) : slots_(std::bit_ceil(capacity)), mask_(slots_.size() - 1) {}

    /// False when full; `value` is then untouched.
    bool push(T&& value) {
        const std::size_t tail = tail_.load(std::memory_order_relaxed);
        if (tail - known_head_ == slots_.size()) {
            known_head_ = head_.load(std::memory_order_acquire);
            if (tail - known_head_ == slots_.size()) return false;
        }
        slots_[tail & mask_] = std::move(value);
        tail_.store(tail + 1, std::memory_order_release);
        return true;
    }

    /// False when empty.
    bool pop(T& value) {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        if (head == known_tail_) {
            known_tail_ = tail_.load(std::memory_order_acquire);
            if (head == known_tail_) return false;
        }
        value = std::move(slots_[head & mask_]);
        head_.store(head + 1, std::memory_order_release);
        return true;
    }

  private:
    static constexpr std::size_t kCacheLine = 64;

    std::vector<T> slots_;
    std::size_t mask_;
    alignas(kCacheLine) std::atomic<std::size_t> head_{0};
    std::size_t known_tail_ = 0;  // the consumer's
    alignas(kCacheLine) std::atomic<std::size_t> tail_{0};
    std::size_t known_head_ = 0;  // the producer's
};

}  // namespace loadgen
