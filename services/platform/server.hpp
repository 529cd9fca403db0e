// The server runtime: listens, runs one event loop a thread, and leaves without dropping what it accepted.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/telemetry/logger.hpp"
#include "services/platform/dispatcher.hpp"
#include "services/platform/traffic.hpp"

namespace loadgen::services::platform {

struct ServerOptions {
    std::string host = "127.0.0.1";  ///< an IP literal
    std::uint16_t port = 0;          ///< 0: the system chooses
    /// A socket that listens already; host and port are then what it has. The server takes it over, and
    /// closes it when it drains. -1: none.
    int listen_socket = -1;
    Traffic* traffic = nullptr;  ///< also counts here; outlives the server. Null: nobody watches
    unsigned threads = 1;
    bool reuse_port = false;  ///< let another process listen on the same port, for a rolling restart
    int backlog = 1024;
    std::size_t max_connections = 20'000;  ///< beyond it new ones wait in the backlog

    std::size_t max_head_bytes = 32 * 1024;
    std::size_t max_body_bytes = 1024 * 1024;   ///< what is even received; BodyLimit answers for less
    std::size_t max_stream_bytes = 256 * 1024;  ///< of one streamed answer that may wait for a slow client

    Nanos idle_timeout = std::chrono::seconds(60);  ///< between requests, and for a peer that stops reading
    Nanos request_timeout = std::chrono::seconds(10);  ///< from a request's first byte to its last
    Nanos handler_timeout = std::chrono::seconds(30);  ///< from a request's last byte to its answer, then 503
    /// How long a client may take to notice the end of an answered connection.
    Nanos linger = std::chrono::seconds(2);
    /// When draining: connections that have been quiet for longer are closed, at once or as soon as they are.
    Nanos drain_idle = std::chrono::seconds(1);
    Nanos drain_grace = std::chrono::seconds(10);  ///< when draining: whatever still runs is cut off after it
};

/// A running server. Each connection stays on one thread and speaks HTTP/1.0, HTTP/1.1 or HTTP/2 with prior
/// knowledge, as its first bytes say.
class Server {
  public:
    /// Makes the dispatcher of one worker. Called once a thread, before any traffic.
    using DispatcherFactory = std::function<Result<Dispatcher>()>;

    /// Listens and starts the threads. `logger` must outlive the server.
    static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                 const DispatcherFactory& factory,
                                                 const telemetry::Logger& logger);
    ~Server();  ///< after `stop`
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// The IP address listened on, without brackets.
    std::string host() const;
    /// The port listened on.
    std::uint16_t port() const;
    /// "http://127.0.0.1:8080".
    std::string url() const;

    /// Stops accepting, lets every connection finish what it has begun, ends the threads. `done` runs on a
    /// thread of the server once all is over. Any thread, once.
    void begin_drain(std::function<void()> done);
    /// Cuts off what is left and joins the threads. What is posted to the loops from
    /// then on waits for the server's destruction: destroy stores between the two.
    void stop();

  private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace loadgen::services::platform
