// The processes that serve the same services on the same sockets.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "services/supervisor/detail/slot.hpp"

namespace loadgen::services::supervisor::detail {

/// Where a service listens, whoever serves it.
struct Place {
    std::string service;
    std::string host;
    std::uint16_t port = 0;  ///< 0 until the system has chosen one
    int socket = -1;         ///< ours; -1 while closed
};

struct GroupOptions {
    std::string name;  ///< "all", or the one service
    std::vector<Place> places;
    std::string program;
    std::vector<std::string> arguments;  ///< of every process of the group
    int backlog = 1024;
    Nanos start_limit = std::chrono::seconds(30);
    Nanos leave_limit = std::chrono::seconds(40);
};

/// Loop thread only.
class Group {
  public:
    Group(boost::asio::io_context& loop, const telemetry::Logger& logger, GroupOptions options);
    ~Group();
    Group(const Group&) = delete;
    Group& operator=(const Group&) = delete;

    /// Listens everywhere. A port that is still in use is tried again by the caller.
    Result<void> open_sockets();
    /// From here on only the processes hold them; when the last one leaves, clients are refused.
    void close_sockets();

    const std::string& name() const { return options_.name; }
    const std::vector<Place>& places() const { return options_.places; }
    std::vector<std::unique_ptr<Slot>>& slots() { return slots_; }
    /// Adds empty slots up to `count`.
    void grow(std::size_t count);
    /// Forgets the slots beyond `count`, which must be empty.
    void shrink(std::size_t count);
    bool serves(std::string_view service) const;

  private:
    Result<std::shared_ptr<Instance>> start(const std::string& version);

    boost::asio::io_context& loop_;
    const telemetry::Logger& logger_;
    GroupOptions options_;
    SlotRules rules_;
    std::vector<std::unique_ptr<Slot>> slots_;
};

}  // namespace loadgen::services::supervisor::detail
