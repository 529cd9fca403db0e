// One accepted connection: moves bytes between its socket and its HTTP session, and keeps its timeouts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/http/server_session.hpp"
#include "services/platform/call.hpp"
#include "services/platform/detail/connection_stream.hpp"

namespace loadgen::services::platform::detail {

class Connection;
class Worker;

/// A call that remembers where it came from.
class ConnectionCall final : public Call {
  public:
    ConnectionCall(Loop& loop, CallOwner& owner, http::Request&& request, Connection& from,
                   http::StreamId from_stream)
        : Call(loop, owner, std::move(request)), connection(&from), stream(from_stream) {}

    Connection* connection;  ///< null once the client has gone
    const http::StreamId stream;
    std::string peer_text;
};

/// Worker thread only. Lives while it is in its worker's list or an operation on its socket is pending.
class Connection final : public std::enable_shared_from_this<Connection>, private http::RequestHandler {
  public:
    Connection(Worker& worker, int socket);
    ~Connection() override;

    void start();
    /// Finishes what has begun; the client is told to go elsewhere.
    void begin_drain();
    /// Closes what took too long.
    void check_time(Instant now);
    /// Now, whatever is pending. Removes itself from the worker.
    void close();

    void respond(ConnectionCall& call, http::Response&& response);
    std::shared_ptr<Stream> open_stream(ConnectionCall& call, http::Response&& head);
    std::size_t in_flight() const { return calls_.size(); }

    /// By the streams that open_stream gave, while they are open; `finish` by one that has just let go.
    void write(ConnectionStream& stream, std::string_view bytes);
    void finish(ConnectionStream& stream);
    std::size_t pending_bytes(const ConnectionStream& stream) const;

    std::size_t index() const { return index_; }  ///< its place in the worker's list
    void set_index(std::size_t index) { index_ = index; }

  private:
    struct Io;

    void on_request(http::ServerSession& session, http::StreamId id, http::Request&& request) override;
    void on_cancel(http::ServerSession& session, http::StreamId id) override;

    void read_more();
    void on_read(int error, std::size_t bytes);
    void feed(std::string_view bytes);
    /// Sends what the session has, then reads on, waits, or begins to close.
    void flush();
    bool send_output();
    void wait_writable();
    void begin_close();
    /// Closes it when nothing is under way and no byte has moved for longer than `most`.
    void close_if_quiet(Instant now, Nanos most);
    bool bytes_wait() const;
    bool unacknowledged() const;
    void forget(ConnectionCall& call);
    void answer_late_calls(Instant now);
    void note_receiving();
    void answer_begun();
    void end_stream(http::StreamId id, StreamEnd why);
    void drain_streams();
    bool streams_wait() const;

    Worker& worker_;
    std::unique_ptr<Io> io_;
    std::unique_ptr<http::ServerSession> session_;
    std::vector<std::shared_ptr<ConnectionCall>> calls_;      // handed out and not answered
    std::vector<std::shared_ptr<ConnectionStream>> streams_;  // open
    std::string peer_;
    std::size_t index_ = 0;
    Instant last_progress_;                   // bytes moved
    std::optional<Instant> receiving_since_;  // first byte of a request that is not whole yet
    Instant linger_deadline_;
    bool open_ = true;
    bool in_session_ = false;  // inside feed: output is sent when it returns
    bool reading_ = false;
    bool writing_ = false;  // waiting for the socket to take more
    bool peer_ended_ = false;
    bool lingering_ = false;  // our side is closed; waiting for the peer's end
};

}  // namespace loadgen::services::platform::detail
