#include "services/bus/detail/work.hpp"

#include <algorithm>
#include <limits>

namespace loadgen::services::bus::detail {
namespace {

using store::Statements;

void announce(Work& work, std::int64_t queue) {
    if (std::ranges::find(work.announce, queue) == work.announce.end()) work.announce.push_back(queue);
}

/// Rests until then; 0 when it need not rest.
WallMs rest_until(WallTime now, Nanos rest) {
    return rest.count() <= 0 ? 0 : wall_ms({now.unix_ns + rest.count()});
}

int max_receives(const QueueTable& queues, std::int64_t queue) {
    const Queue* known = queues.find(queue);
    return known != nullptr ? known->settings.max_receives : std::numeric_limits<int>::max();
}

Result<void> settle(Statements& tables, const QueueTable& queues, const Settlement& item, Work& work,
                    WallTime now) {
    if (item.verdict == Verdict::kDone) {
        auto removed = remove_copy(tables, item.receipt);
        if (!removed) return std::move(removed).error();
        if (*removed) ++work.counts.settled;
        return {};
    }
    const bool failed = item.verdict == Verdict::kFailed;
    if (failed && item.receipt.receives >= max_receives(queues, item.queue)) {
        auto buried = bury_copy(tables, item.receipt, now);
        if (!buried) return std::move(buried).error();
        if (*buried) ++work.counts.dead;
        return {};
    }
    auto returned = failed ? return_copy(tables, item.receipt, rest_until(now, item.retry_after))
                           : release_copy(tables, item.receipt);
    if (!returned) return std::move(returned).error();
    if (*returned) announce(work, item.queue);
    return {};
}

Result<void> run_request(Statements& tables, const QueueTable& queues, const ClaimRequest& request,
                         Work& work, WallTime now) {
    const Queue* queue = queues.find(request.queue);
    if (queue == nullptr) {
        return Error{ErrorCode::kInternal, "bus: queue " + std::to_string(request.queue) + " is gone"};
    }
    auto claimed = claim(tables, *queue, request.batches, now);
    if (!claimed) return std::move(claimed).error();
    work.counts.dead += claimed->died;
    work.claims.push_back(std::move(*claimed));
    work.settings.push_back(queue->settings);
    return {};
}

}  // namespace

Result<void> run_work(Statements& tables, QueueTable& queues, Work& work, WallTime now) {
    auto state = read_state(tables);
    if (!state) return std::move(state).error();
    auto done = queues.refresh(tables, state->version);
    for (const Settlement& item : work.settlements) {
        if (done) done = settle(tables, queues, item, work, now);
    }
    for (const std::int64_t id : work.untidy) {
        const Queue* queue = queues.find(id);
        if (done && queue != nullptr) done = tidy(tables, *queue, now);
    }
    for (const ClaimRequest& request : work.requests) {
        if (done) done = run_request(tables, queues, request, work, now);
    }
    return done;
}

}  // namespace loadgen::services::bus::detail
