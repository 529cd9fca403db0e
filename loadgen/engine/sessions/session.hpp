// The one interface of all client protocols: what a connection speaks once it stands. No I/O in here.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/cause.hpp"
#include "common/http/header.hpp"
#include "loadgen/engine/exchanges/exchange.hpp"

namespace loadgen::engine {

/// Receives what becomes of the exchanges on a session. Called from inside the session's methods, on the
/// worker's thread. `on_finished` may submit further exchanges to the session; none may destroy it.
class SessionEvents {
  public:
    /// The last byte of the request has been produced; or, for a wait (kListen), the message was here already
    /// and has been handed over, which ends it.
    virtual void on_written(Exchange& exchange) = 0;
    /// The first byte of the final response is here; interim 1xx do not count.
    virtual void on_first_byte(Exchange& exchange) = 0;
    /// Asked once the status is known: are this response's fields of interest?
    virtual bool wants_headers(const Exchange& exchange) = 0;
    /// One field of the final response head (or trailers), when they are.
    virtual void on_header(Exchange& exchange, http::HeaderView header) = 0;
    virtual void on_body(Exchange& exchange, std::string_view bytes) = 0;
    /// The exchange is over; `exchange.status` is set when the cause says there was a complete response.
    virtual void on_finished(Exchange& exchange, Cause cause) = 0;
    /// WebSocket: a message came that nobody waits for. It is dropped.
    virtual void on_unasked_message() {}

  protected:
    ~SessionEvents() = default;
};

/// Why the bytes of a connection end; what is in flight is judged by it.
enum class EndOfInput : unsigned char { kClosed, kReset };

/// One protocol on one connection, client side. Not thread-safe.
class Session {
  public:
    virtual ~Session() = default;

    /// How many more exchanges it takes now. 0 for good once `draining`.
    virtual std::size_t free_streams() const = 0;
    virtual std::size_t in_flight() const = 0;
    /// The peer has said how many streams it takes. Until then nothing is submitted: what goes beyond its
    /// limit would only be refused (RFC 9113 section 5.1.2).
    virtual bool settled() const = 0;
    /// No further exchange may be submitted: Connection: close, GOAWAY, or a protocol error. When it is idle
    /// too, the connection should be closed.
    virtual bool draining() const = 0;

    /// Begins an exchange. Precondition: free_streams() > 0. `last` = the connection will not be used again.
    virtual void submit(Exchange& exchange, bool last) = 0;
    /// Gives up an exchange in flight (timeout): no event follows. HTTP/1.1 drains afterwards.
    virtual void cancel(Exchange& exchange) = 0;

    /// Takes received bytes. False: the peer broke the protocol; everything in flight has been finished.
    virtual bool receive(std::string_view bytes) = 0;
    /// The connection is gone: finishes everything in flight with the fitting cause.
    virtual void end(EndOfInput how) = 0;

    virtual bool wants_write() const = 0;
    /// Appends bytes to be sent, about 64 KiB at most a call.
    virtual void produce(std::string& out) = 0;

    /// Begins an orderly end that the peer takes part in: once it is flushed, the peer closes. False: there
    /// is none, or it has begun already.
    virtual bool say_goodbye() { return false; }
    /// How the peer has ended what the session speaks, in words; empty when it has not, or has no words for
    /// it.
    virtual std::string_view farewell() const { return {}; }
};

struct SessionOptions {
    std::size_t streams = 100;  ///< HTTP/2: concurrent streams at most
    bool websocket = false;     ///< its first exchange is a WebSocket's handshake
};

std::unique_ptr<Session> make_http1_session(SessionEvents& events, const SessionOptions& options);
std::unique_ptr<Session> make_http2_session(SessionEvents& events, const SessionOptions& options);
/// `seed`: of the masks of its frames.
std::unique_ptr<Session> make_websocket_session(SessionEvents& events, std::uint64_t seed);

}  // namespace loadgen::engine
