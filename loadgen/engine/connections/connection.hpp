// One connection from look-up to close: socket, proxy tunnel, TLS, session.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/cause.hpp"
#include "common/io/stream.hpp"
#include "common/io/timer_wheel.hpp"
#include "common/io/tls.hpp"
#include "loadgen/engine/connections/authority.hpp"
#include "loadgen/engine/connections/dialer.hpp"
#include "loadgen/engine/sessions/session.hpp"

namespace loadgen::engine {

class Connection;
class ConnectionList;
class Pool;

/// Why there is no connection, for the exchanges that wanted one.
struct DialFailure {
    Cause cause = Cause::kUnreachable;
    std::string text;
};

/// What all connections of a worker share. Lives as long as the worker.
struct ConnectionContext {
    io::Loop& loop;
    Dialer& dialer;
    const plan::ConnectionPolicy& policy;
    SessionEvents& exchanges;
    SessionOptions session;
    io::TimerWheel& dial_deadlines;
    io::TlsClientContext* tls = nullptr;
    std::string outgoing = {};               ///< scratch: bytes on their way to a socket
    std::string plaintext = {};              ///< scratch: bytes decrypted
    bool outgoing_in_use = false;            ///< a connection is filling `outgoing`; others defer their flush
    std::vector<Connection*> deferred = {};  ///< to be flushed when it is free again
    std::uint64_t next_id = 1;
    std::uint64_t id_step = 1;  ///< ids of different workers never meet
};

/// Lives on its worker's thread. Its pool owns it and learns of every change through it.
class Connection final : private io::StreamEvents, private io::Deadline {
  public:
    enum class Phase : std::uint8_t {
        kResolving,
        kConnecting,
        kTunnelling,
        kHandshaking,
        kSettling,
        kReady,
        kClosed
    };

    Connection(ConnectionContext& context, Pool& pool, const Authority& authority);
    ~Connection();

    /// Starts dialling. The outcome reaches the pool, perhaps within the call.
    void dial();
    /// Begins an exchange. Precondition: free_streams() > 0. The bytes leave at the next `flush`.
    void submit(Exchange& exchange);
    /// Sends what the session wants to send; later, when called from inside the session's own callbacks.
    void flush();
    /// Gives up an exchange in flight; no event follows.
    void cancel(Exchange& exchange);
    /// Says goodbye where the protocol has a way to; false when it has none, or there is nothing to leave.
    bool say_goodbye();
    /// Closes now; in-flight exchanges must have been finished or cancelled.
    void close();

    static Connection& of_deadline(io::Deadline& deadline) { return static_cast<Connection&>(deadline); }
    /// The deadline has come: of the dial, or of the pause before another attempt.
    void on_deadline();
    /// What holds a dial under way up. Precondition: it is one.
    DialFailure stalled() const;

    std::size_t free_streams() const;
    std::size_t in_flight() const { return session_ ? session_->in_flight() : 0; }
    /// It was dialled with success: it has been ready.
    bool stood() const { return stood_; }
    std::string_view farewell() const { return session_ ? session_->farewell() : std::string_view(); }
    bool draining() const { return session_ && session_->draining(); }
    bool finished() const { return session_ && session_->draining() && session_->in_flight() == 0; }
    Phase phase() const { return phase_; }
    std::uint64_t id() const { return id_; }
    std::uint64_t exchanges() const { return exchanges_; }
    Nanos dns_time() const { return dns_time_; }
    Nanos connect_time() const { return connect_time_; }
    Nanos tls_time() const { return tls_time_; }
    bool speaks_http2() const { return http2_; }
    Pool& pool() { return pool_; }

    // Links of the list of its pool that holds it.
    Connection* previous = nullptr;
    Connection* next = nullptr;
    ConnectionList* list = nullptr;

  private:
    void on_connected() override;
    void on_received(std::string_view bytes) override;
    void on_writable() override;
    void on_closed(io::StreamEnd end) override;

    void connect_next();
    void arm_deadline();
    void connection_stands();
    void send_tunnel_request();
    void receive_tunnel_answer(std::string_view bytes);
    void start_tls();
    void receive_tls(std::string_view bytes);
    void handshake_done();
    void open_session(bool http2);
    void become_ready();
    void settle(bool orderly);
    void deliver(std::string_view plaintext);
    void end_session(EndOfInput how);
    void leave();
    void produce_and_send();
    void continue_later();
    void send_outgoing();
    void fail(Cause cause, std::string text);
    bool last_exchange() const;

    ConnectionContext& context_;
    Pool& pool_;
    const Authority& authority_;
    std::uint64_t id_;
    Phase phase_ = Phase::kResolving;
    bool http2_ = false;
    bool receiving_ = false;
    bool continuing_ = false;  // more is to be sent in the loop's next turn
    bool stood_ = false;
    bool backlog_full_ = false;  // a unix socket would have to wait: to be tried again
    Route route_;
    std::size_t attempt_ = 0;
    std::optional<io::Stream> stream_;
    std::unique_ptr<io::TlsClient> tls_;
    std::unique_ptr<Session> session_;
    std::string unsent_;         // what the socket did not take
    std::string tunnel_answer_;  // of the proxy, until its head is complete
    std::uint64_t exchanges_ = 0;
    const std::string* remote_ = nullptr;
    Instant dial_start_;
    Instant phase_start_;
    Nanos dns_time_{0};
    Nanos connect_time_{0};
    Nanos tls_time_{0};
    // Tells a look-up that answers late that its connection is gone.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace loadgen::engine
