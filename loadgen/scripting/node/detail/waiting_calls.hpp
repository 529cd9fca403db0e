// Calls on their way to a processor and back.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "common/base/time.hpp"

namespace loadgen::scripting {

/// Calls in the order in which they were made, which is the order of their deadlines. Numbers are given in
/// sequence and never again, so that a reply that comes too late finds nothing.
class WaitingCalls {
  public:
    struct Call {
        std::uint64_t token = 0;
        std::uint32_t function = 0;
        Instant since;
        Instant deadline;
        bool waits = true;
    };

    /// The number that the next `add` gives.
    std::uint64_t next_id() const { return first_id_ + calls_.size(); }
    void add(const Call& call) {
        calls_.push_back(call);
        ++waiting_;
    }
    std::size_t size() const { return waiting_; }

    /// The call with this number, unless it was taken before.
    std::optional<Call> take(std::uint64_t id);
    /// The longest waiting, if its deadline is not after `now`.
    std::optional<Call> take_expired(Instant now);
    std::vector<Call> take_all();
    /// When the next one expires.
    std::optional<Instant> next_deadline();
    /// Makes all expire at the same instant.
    void set_deadlines(Instant deadline);

  private:
    void drop_taken();

    std::deque<Call> calls_;
    std::uint64_t first_id_ = 1;
    std::size_t waiting_ = 0;
};

}  // namespace loadgen::scripting
