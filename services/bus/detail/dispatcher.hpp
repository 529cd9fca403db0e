// The thread that takes batches for every consumer of this process and calls their handlers.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "services/bus/detail/counters.hpp"
#include "services/bus/detail/mailbox.hpp"

namespace loadgen::services::bus::detail {

/// What the dispatcher works with; all of it outlives it.
struct DispatcherParts {
    store::Store& store;
    QueueTable& queues;  ///< touched in changes only
    WakeFile& wake;
    Counters& counters;
    const Clock& clock;  ///< its wall clock says what is visible
    Nanos sweep;
};

/// Goes round: takes what other threads left, looks which queues may hold something, and hands settlements
/// and claims to the store as one change. One change at a time: what comes up meanwhile goes with the next,
/// so commits are shared the more the more there is to do. Sleeps when there is nothing to do.
class Dispatcher {
  public:
    Dispatcher(const DispatcherParts& parts, std::unique_ptr<store::Statements> reader,
               std::shared_ptr<Mailbox> mailbox);
    /// Ends the thread; what was settled is committed, what was claimed and not handed out is given back.
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

  private:
    using ConsumerPointer = std::shared_ptr<ConsumerState>;

    void run();
    void take_mail(Mailbox::Mail& mail);
    void finish(Work& work, const Result<void>& outcome);
    void retry_later(Work& work);
    void note(ConsumerState& consumer, Claim& claim, const QueueSettings& settings);
    void hand_out(const ConsumerPointer& consumer, std::vector<Delivery> deliveries);
    void count(const std::vector<Delivery>& deliveries);
    void release(std::int64_t queue, const std::vector<Delivery>& deliveries);

    void look_around();
    void sweep();
    bool submit();
    std::shared_ptr<Work> next_work();
    void add_requests(Work& work);
    void sleep(std::uint32_t seen);
    Nanos time_to_sleep() const;

    const DispatcherParts parts_;
    const std::shared_ptr<Mailbox> mailbox_;

    // The thread's own from here on.
    std::unique_ptr<store::Statements> reader_;
    std::vector<ConsumerPointer> consumers_;
    std::vector<Settlement> settlements_;  ///< not committed yet
    std::vector<std::int64_t> untidy_;
    std::vector<ConsumerPointer> asking_;  ///< who asked, in the order of the requests under way
    std::size_t first_ = 0;                ///< of the consumers: whose turn it is
    bool working_ = false;
    bool stopping_ = false;
    Nanos pause_{0};         ///< after a failure; doubles
    bool retrying_ = false;  ///< something failed and waits for not_before_
    Instant not_before_{};
    Instant next_sweep_{};

    std::thread thread_;
};

}  // namespace loadgen::services::bus::detail
