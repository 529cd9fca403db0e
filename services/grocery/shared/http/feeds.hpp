// Answers that wait for something to be committed: event streams and long polls.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "services/platform/call.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::grocery {

/// What a feed has behind a place.
struct FeedEvent {
    std::int64_t id = 0;  ///< its place; grows
    std::string type;
    std::string data;  ///< JSON
};
struct FeedBatch {
    std::vector<FeedEvent> events;
    bool over = false;  ///< nothing more will come: the stream ends behind these
};
/// Reads what is committed behind `after`, on the loop of the call.
using ReadFeed = std::function<Result<FeedBatch>(std::int64_t after)>;

/// The waiting answers of one worker. Looks at the database's version 50 times a second while anything waits,
/// and only then at the rows: that sees commits of every process that has the database open, which an event
/// of the bus does not (two instances of a service share its queue, and each event reaches one of them). Loop
/// thread only.
class Feeds : public std::enable_shared_from_this<Feeds> {
  public:
    /// `reader` outlives it.
    explicit Feeds(store::Statements& reader) : reader_(reader) {}

    /// Answers `call` with an event stream: what there is behind `after`, then what comes, until the client
    /// leaves, the feed is over or cannot be read. A comment every 15 s keeps the connection awake.
    void stream(const platform::CallPtr& call, std::int64_t after, ReadFeed read);

    /// Calls `answer(false)` now and after commits until it returns true: it has answered. Calls
    /// `answer(true)`, which must answer, when `wait` is over or the server goes away.
    void poll(const platform::CallPtr& call, Nanos wait, std::function<bool(bool last)> answer);

    std::size_t waiting() const { return waiters_.size(); }

  private:
    struct Waiter {
        std::function<bool()> gone;  // has been answered or left
        std::function<bool()> look;  // false: waits no more
    };

    void add(platform::Loop& loop, Waiter waiter);
    void tick(platform::Loop& loop);
    void schedule(platform::Loop& loop);
    bool committed_since();

    store::Statements& reader_;
    std::vector<Waiter> waiters_;
    std::vector<Waiter> added_;  // since the last tick
    std::int64_t seen_version_ = 0;
    bool ticking_ = false;
};

}  // namespace loadgen::services::grocery
