// The connections of users: while they are here, and when they have left.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "loadgen/engine/connections/pool.hpp"
#include "loadgen/steps/user.hpp"

namespace loadgen::engine {

/// The connections of one user: a pool for each server it talks to, and its WebSocket.
class UserPools final : public steps::Belongings {
  public:
    Pool* find(std::uint32_t authority) const;
    Pool& add(std::uint32_t authority, std::unique_ptr<Pool> pool);
    /// Of its WebSocket, one connection at most; null until there is one.
    Pool* socket() const { return socket_.get(); }
    Pool& set_socket(std::unique_ptr<Pool> pool);
    void for_each(const std::function<void(Pool&)>& use);
    /// Closes all connections but the WebSocket.
    void close_all();

  private:
    std::vector<std::pair<std::uint32_t, std::unique_ptr<Pool>>> pools_;
    std::unique_ptr<Pool> socket_;
};

/// Connections of users that have left, until no event handler can be inside of them. A WebSocket stays until
/// its server has closed it, which is given a second.
class LeavingPools {
  public:
    /// Closes what can be closed at once.
    void add(std::unique_ptr<steps::Belongings> belongings, Instant now);
    /// Frees what is over. Not from inside an event.
    void sweep(Instant now);
    /// WebSockets whose servers have not closed them yet.
    bool lingering() const { return !lingering_.empty(); }
    void for_each(const std::function<void(Pool&)>& use);

  private:
    struct Lingering {
        Instant until;
        std::unique_ptr<steps::Belongings> pools;
    };

    std::vector<std::unique_ptr<steps::Belongings>> closed_;
    std::deque<Lingering> lingering_;  // first to go first
};

}  // namespace loadgen::engine
