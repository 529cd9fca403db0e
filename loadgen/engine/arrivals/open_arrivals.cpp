// Open model: the schedule says when; nothing else slows it down.
#include "common/io/loop.hpp"
#include "loadgen/engine/arrivals/arrivals.hpp"
#include "loadgen/pacing/segment.hpp"

namespace loadgen::engine {
namespace {

// After so many sends in one turn the sockets get theirs.
constexpr int kMaxIssuesPerTurn = 64;
// Exchanges held while the load exceeds what connections carry. Beyond, the schedule waits in its own
// (constant) memory; due times do not move.
constexpr std::uint64_t kMaxHeld = 100'000;

class OpenArrivals final : public Arrivals, private io::TimerEvents {
  public:
    OpenArrivals(const plan::RunPlan& plan, Share share, io::Loop& loop, Issuer& issuer)
        : schedule_(plan.load.schedule->clone(), {.index = share.worker + 1, .of = share.workers}),
          share_(share),
          loop_(loop),
          issuer_(issuer),
          timer_(loop, *this),
          cap_(plan.max_in_flight == 0 ? kMaxHeld : share.of(plan.max_in_flight)),
          wake_interval_(plan.wake_interval),
          spin_(plan.pace == plan::Pace::kSpin) {
        if (!spin_) loop_.keep_arrival_times();
    }

    void start(Instant start) override {
        if (ended_) return;  // stopped before it began
        start_ = start;
        advance();
        arm();
    }

    void on_exchange_over(bool) override {
        if (!held_ || issuer_.in_flight() >= cap_) return;
        held_ = false;
        arm();
    }

    void on_tick(Instant) override {}

    void stop(Instant now) override {
        std::uint64_t unsent = 0;
        for (; due_ && *due_ <= now; advance_quietly()) ++unsent;
        due_.reset();
        timer_.cancel();
        if (unsent > 0) issuer_.count_unsent(unsent);
        end();
    }

    std::optional<Instant> next_due() const override { return held_ ? std::nullopt : due_; }

    void on_due(Instant) override { issue_due(); }

  private:
    void on_timer() override {
        earliest_wake_ = loop_.now() + wake_interval_;
        issue_due();
        arm();
    }

    void issue_due() {
        for (int issued = 0; due_ && *due_ <= loop_.now() && issued < kMaxIssuesPerTurn; ++issued) {
            if (issuer_.in_flight() >= cap_) {
                held_ = true;
                issuer_.count_held_back();
                return;
            }
            const Instant due = *due_;
            const std::uint64_t sequence = sequence_;
            sequence_ += share_.workers;
            advance_quietly();
            if (!issuer_.issue(sequence, due)) due_.reset();
            loop_.refresh();  // each send takes microseconds, which the next one's delay must show
        }
        if (!due_) end();
    }

    void advance() {
        sequence_ = share_.worker;
        advance_quietly();
        if (!due_) end();
    }

    void advance_quietly() {
        const auto offset = schedule_.next();
        due_ = offset ? std::optional(start_ + *offset) : std::nullopt;
    }

    void arm() {
        if (!due_ || held_ || spin_) return;
        timer_.set(std::max(*due_, earliest_wake_));
        // At such a rate answers, too, are picked up in groups; the kernel has stamped their arrival.
        if (*due_ < earliest_wake_) loop_.rest_until(earliest_wake_);
    }

    void end() {
        if (ended_) return;
        ended_ = true;
        issuer_.arrivals_ended();
    }

    pacing::Segment schedule_;
    Share share_;
    io::Loop& loop_;
    Issuer& issuer_;
    io::Timer timer_;
    std::uint64_t cap_;
    Nanos wake_interval_;
    bool spin_;
    Instant start_;
    Instant earliest_wake_ = Instant::min();
    std::optional<Instant> due_;
    std::uint64_t sequence_ = 0;
    bool held_ = false;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<Arrivals> make_open_arrivals(const plan::RunPlan& plan, Share share, io::Loop& loop,
                                             Issuer& issuer) {
    return std::make_unique<OpenArrivals>(plan, share, loop, issuer);
}

}  // namespace loadgen::engine
