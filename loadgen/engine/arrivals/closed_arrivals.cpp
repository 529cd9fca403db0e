// Closed model: a fixed number of exchanges in flight; an answer makes the next one due.
#include <algorithm>

#include "common/io/loop.hpp"
#include "loadgen/engine/arrivals/arrivals.hpp"

namespace loadgen::engine {
namespace {

class ClosedArrivals final : public Arrivals {
  public:
    ClosedArrivals(const plan::RunPlan& plan, Share share, io::Loop& loop, Issuer& issuer)
        : share_(share), loop_(loop), issuer_(issuer) {
        const plan::ClosedLoop& closed = *plan.closed_loop;
        slots_ = share_.of(closed.concurrency);
        limit_ = closed.max_requests == 0 ? UINT64_MAX : share_.of(closed.max_requests);
        duration_ = closed.duration;
    }

    void start(Instant start) override {
        if (duration_ > Nanos(0)) end_ = start + duration_;
        for (std::uint64_t slot = 0; slot < slots_; ++slot) issue_next();
    }

    void on_exchange_over(bool dial_failed) override {
        // A server that refuses at once would otherwise be hammered as fast as the machine can: such a slot
        // rests until the next tick.
        if (dial_failed) {
            ++resting_;
        } else {
            issue_next();
        }
    }

    void on_tick(Instant now) override {
        if (end_ && now >= *end_) return stop(now);
        for (auto rested = std::exchange(resting_, 0); rested > 0; --rested) issue_next();
    }

    void stop(Instant) override {
        if (std::exchange(ended_, true)) return;
        issuer_.arrivals_ended();
    }

  private:
    void issue_next() {
        if (ended_) return;
        const Instant now = loop_.now();
        if (issued_ == limit_ || (end_ && now >= *end_)) return stop(now);
        const std::uint64_t sequence = issued_++ * share_.workers + share_.worker;
        if (!issuer_.issue(sequence, now)) stop(now);
    }

    Share share_;
    io::Loop& loop_;
    Issuer& issuer_;
    std::uint64_t slots_ = 0;
    std::uint64_t limit_ = 0;
    Nanos duration_{0};
    std::optional<Instant> end_;
    std::uint64_t issued_ = 0;
    std::uint64_t resting_ = 0;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<Arrivals> make_closed_arrivals(const plan::RunPlan& plan, Share share, io::Loop& loop,
                                               Issuer& issuer) {
    return std::make_unique<ClosedArrivals>(plan, share, loop, issuer);
}

}  // namespace loadgen::engine
