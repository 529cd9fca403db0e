// A publication on its way into the tables.
#pragma once

#include <string>
#include <vector>

#include "services/bus/detail/tables.hpp"

namespace loadgen::services::bus::detail {

/// Says what is wrong with events that the bus would never take.
Result<void> check_publications(const std::vector<Publication>& events);
Result<void> check_settings(const QueueSettings& queue);

/// The messages are made on the publisher's thread; the rest happens on the store's.
class Publish {
  public:
    Publish(std::vector<Publication> events, WallTime now);

    /// Writer thread: puts a copy of each event into each queue that wants it.
    Result<void> run(store::Statements& tables, QueueTable& queues, WallTime now);

    // What came of it, once it is committed.
    std::size_t events() const { return events_.size(); }
    std::uint64_t copies() const { return copies_; }
    std::uint64_t duplicates() const { return duplicates_; }
    std::uint64_t unrouted() const { return unrouted_; }
    const std::vector<std::int64_t>& touched() const { return touched_; }

  private:
    Result<void> put(store::Statements& tables, const QueueTable::Targets& targets, std::size_t index,
                     WallTime now);

    const std::vector<Publication> events_;
    const WallTime enqueued_;
    std::vector<std::string> bodies_;
    std::int64_t next_sequence_ = 0;
    std::uint64_t copies_ = 0;
    std::uint64_t duplicates_ = 0;
    std::uint64_t unrouted_ = 0;
    std::vector<std::int64_t> touched_;  ///< queues that got something
};

}  // namespace loadgen::services::bus::detail
