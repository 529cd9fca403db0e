// One thread of a server: its loop, its connections, its clockwork.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "services/platform/server.hpp"

namespace loadgen::services::platform::detail {

class Connection;

/// What the workers of a server share.
struct Shared {
    const ServerOptions& options;
    const telemetry::Logger& logger;
    Traffic& traffic;
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> cut_off{0};  ///< requests unanswered when the grace was over
};

/// Everything belongs to the thread in `run`, except `loop().post`, and the constructor.
class Worker final : public CallOwner {
  public:
    Worker(Shared& shared, Dispatcher dispatcher);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// The thread's work: until drained or `stop`.
    void run();
    void stop() { loop_.stop(); }

    Loop& loop() { return loop_; }
    Shared& shared() { return shared_; }
    Dispatcher& dispatcher() { return dispatcher_; }

    /// Takes over a connected socket.
    void adopt(int socket);
    void begin_drain();
    bool draining() const override { return draining_; }
    /// The current Date field.
    std::string_view date() const { return date_; }

    void send(Call& call, http::Response&& response) override;
    std::shared_ptr<Stream> open_stream(Call& call, http::Response&& head) override;
    void hang_up(Call& call) override;
    /// By the connection itself, when it is closed.
    void remove(Connection& connection);

  private:
    void set_timer();
    void on_timer();
    void sweep();
    void leave_when_empty();

    Shared& shared_;
    Loop loop_;
    Dispatcher dispatcher_;
    struct SweepTimer;
    std::unique_ptr<SweepTimer> timer_;
    std::string date_;
    std::vector<std::shared_ptr<Connection>> connections_;
    bool draining_ = false;
    Instant drain_deadline_;
};

}  // namespace loadgen::services::platform::detail
