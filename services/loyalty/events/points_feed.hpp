// Tells the world of every account whose points changed, from the change stream of the accounts.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "services/runtime/service.hpp"
#include "services/store/change_stream.hpp"

namespace loadgen::services::loyalty {

/// Takes up to five changes at a time. Each is a transaction of its own, with the events that tell of it and
/// the step of the cursor behind it: a change that is told is never told again, and one that cannot be told
/// holds up those behind it only for its two further tries, alone, at the next sweeps. Then it goes into the
/// table of failed changes, and the stream goes on.
///
/// Belongs to the background loop, except for `wake`. Outlived by its context.
class PointsFeed {
  public:
    explicit PointsFeed(runtime::ServiceContext& context)
        : context_(context), failed_(context.meter().counter("loyalty.stream.failed", "{record}")) {}
    PointsFeed(const PointsFeed&) = delete;
    PointsFeed& operator=(const PointsFeed&) = delete;

    /// Accounts changed. Any thread, also from within the transaction that changes them: the look at the
    /// stream is queued behind it, and finds nothing when it fails.
    void wake();
    /// Finds what was left by a process that died, or by a failure. Call each second.
    void sweep();

  private:
    struct Batch;
    using BatchPtr = std::shared_ptr<Batch>;

    void look();
    void read();
    void take(const BatchPtr& batch, const Result<void>& outcome);
    void tell(const BatchPtr& batch, std::size_t index);
    void told(const BatchPtr& batch, std::size_t index, const Result<void>& outcome);
    void finish(const BatchPtr& batch);
    void retry_or_give_up(const BatchPtr& batch);
    void give_up(const BatchPtr& batch);
    void given_up(const BatchPtr& batch, const Result<void>& outcome);
    void rest(const Error& error);

    runtime::ServiceContext& context_;
    telemetry::Counter& failed_;
    std::atomic<bool> woken_{false};  // a look is on its way to the background loop
    bool busy_ = false;
    bool again_ = false;        // woken while busy
    bool resting_ = false;      // until the next sweep
    std::int64_t suspect_ = 0;  // the change that failed last; it is tried alone
    int suspect_failures_ = 0;
};

}  // namespace loadgen::services::loyalty
