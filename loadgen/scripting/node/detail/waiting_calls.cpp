#include "loadgen/scripting/node/detail/waiting_calls.hpp"

#include <utility>

namespace loadgen::scripting {

std::optional<WaitingCalls::Call> WaitingCalls::take(std::uint64_t id) {
    if (id < first_id_ || id - first_id_ >= calls_.size()) return std::nullopt;
    Call& call = calls_[id - first_id_];
    if (!call.waits) return std::nullopt;
    const Call taken = call;
    call.waits = false;
    --waiting_;
    drop_taken();
    return taken;
}

std::optional<WaitingCalls::Call> WaitingCalls::take_expired(Instant now) {
    drop_taken();
    if (calls_.empty() || calls_.front().deadline > now) return std::nullopt;
    return take(first_id_);
}

std::vector<WaitingCalls::Call> WaitingCalls::take_all() {
    std::vector<Call> all;
    all.reserve(waiting_);
    for (const Call& call : calls_) {
        if (call.waits) all.push_back(call);
    }
    first_id_ += calls_.size();
    calls_.clear();
    waiting_ = 0;
    return all;
}

std::optional<Instant> WaitingCalls::next_deadline() {
    drop_taken();
    if (calls_.empty()) return std::nullopt;
    return calls_.front().deadline;
}

void WaitingCalls::set_deadlines(Instant deadline) {
    for (Call& call : calls_) call.deadline = deadline;
}

void WaitingCalls::drop_taken() {
    while (!calls_.empty() && !calls_.front().waits) {
        calls_.pop_front();
        ++first_id_;
    }
}

}  // namespace loadgen::scripting
