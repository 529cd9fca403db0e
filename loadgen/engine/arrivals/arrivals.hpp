// Who decides when the next exchange is due: a schedule (open model) or a completion (closed model).
#pragma once

#include <cstdint>
#include <memory>

#include "common/base/time.hpp"
#include "loadgen/plan/run_plan.hpp"

namespace loadgen::io {
class Loop;
}

namespace loadgen::engine {

/// What arrivals need of their worker.
class Issuer {
  public:
    /// Starts the exchange with this number. False when there is nothing left to send.
    virtual bool issue(std::uint64_t sequence, Instant due) = 0;
    /// Exchanges issued and not yet over.
    virtual std::uint64_t in_flight() const = 0;
    /// No further exchange will be issued.
    virtual void arrivals_ended() = 0;
    /// Due work had to wait because as many exchanges were in flight as may be.
    virtual void count_held_back() = 0;
    /// Due work that was given up before it could be issued.
    virtual void count_unsent(std::uint64_t requests) = 0;

  protected:
    ~Issuer() = default;
};

/// One worker's share of the arrivals: numbers worker, worker + workers, worker + 2 * workers … Belongs to
/// the worker's thread.
class Arrivals {
  public:
    virtual ~Arrivals() = default;
    virtual void start(Instant start) = 0;
    /// An exchange is over. `dial_failed`: it never had a connection.
    virtual void on_exchange_over(bool dial_failed) = 0;
    /// About every 10 ms.
    virtual void on_tick(Instant now) = 0;
    /// Issue nothing more; what was due by now and is not issued is counted as unsent.
    virtual void stop(Instant now) = 0;
    /// The instant behind which a spinning worker has to call `on_due`; none when nothing is scheduled.
    virtual std::optional<Instant> next_due() const { return std::nullopt; }
    virtual void on_due(Instant /*now*/) {}
};

struct Share {
    unsigned worker = 0;
    unsigned workers = 1;

    /// This worker's part of a total that is dealt out one by one.
    std::uint64_t of(std::uint64_t total) const {
        return total / workers + (worker < total % workers ? 1 : 0);
    }
};

std::unique_ptr<Arrivals> make_open_arrivals(const plan::RunPlan& plan, Share share, io::Loop& loop,
                                             Issuer& issuer);
std::unique_ptr<Arrivals> make_closed_arrivals(const plan::RunPlan& plan, Share share, io::Loop& loop,
                                               Issuer& issuer);

}  // namespace loadgen::engine
