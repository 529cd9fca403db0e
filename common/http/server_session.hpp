// The server side of one connection, for every HTTP version: bytes in, requests out; responses in, bytes out.
// No I/O, no clock, no threads. Http1ServerSession and Http2ServerSession implement it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "common/http/http1_parser.hpp"
#include "common/http/message.hpp"

namespace loadgen::http {

/// Names a request until it is answered. Unique within its session.
using StreamId = std::uint64_t;

class ServerSession;

/// Gets the requests of a session. Callbacks come from inside the session's own functions; they may answer
/// (`respond`, `respond_streaming`, `write`, `finish`, `abort`) and `begin_drain`, nothing else of the
/// session, and must not destroy it.
class RequestHandler {
  public:
    virtual ~RequestHandler() = default;
    /// A whole request. Answer with `session.respond(id, ...)`, now or later, exactly once.
    virtual void on_request(ServerSession& session, StreamId id, Request&& request) = 0;
    /// The peer gave the request up (a reset stream, a closed connection) before it was answered in full.
    /// Answering or writing on is still allowed and does nothing.
    virtual void on_cancel(ServerSession& /*session*/, StreamId /*id*/) {}
};

struct ServerOptions {
    Http1Limits head;                            ///< max_head_bytes also bounds an HTTP/2 header list
    std::size_t max_body_bytes = 1024 * 1024;    ///< of one request; more is answered with 413
    std::size_t max_buffered_bytes = 16U << 20;  ///< bodies not complete yet, per connection; more gets 503
    std::uint32_t max_concurrent_streams = 128;  ///< HTTP/2
    std::size_t max_stream_bytes = 256 * 1024;   ///< of one streamed response, waiting for the peer
    /// The Date field's value now (RFC 9110 section 6.6.1); none is sent when empty.
    std::function<std::string_view()> date;
};

/// One connection. Not thread-safe: its owner's thread calls everything. The owner moves bytes:
///
///     on readable:  session.feed(bytes)            while session.wants_read()
///     then always:  write session.output(), session.consume_output(written)
///     and finally:  close when session.wants_close() and output() is empty; shut the sending side first and
///                   drop what still comes for a moment, or a reset may overtake the last response
class ServerSession {
  public:
    virtual ~ServerSession() = default;

    /// Takes all of `bytes`; malformed input is answered as the protocol says and ends in wants_close().
    virtual void feed(std::string_view bytes) = 0;
    /// The peer will send no more. Requests in flight are still answered.
    virtual void peer_closed() = 0;
    /// The connection is gone: every request in flight gets on_cancel, and wants_close() becomes true. Call
    /// it before destroying a session whose handler answers later.
    virtual void connection_lost() = 0;
    /// False while reading on would only pile up bytes: leave them in the socket.
    virtual bool wants_read() const = 0;

    /// Bytes to send, at most about 64 KiB made at a time (valid until the next call); empty when there are
    /// none now. Call after feed, respond, begin_drain and after each consume_output.
    virtual std::string_view output() = 0;
    virtual void consume_output(std::size_t bytes) = 0;

    /// Answers a request. Unknown ids (cancelled, answered before) are ignored. A response that may not be
    /// sent (bad status, CR or LF in a field) goes out as a plain 500.
    virtual void respond(StreamId id, Response response) = 0;

    /// Answers a request with a body that comes piece by piece: chunks in HTTP/1.1 (RFC 9112 section 7.1),
    /// until the end of the connection in HTTP/1.0, DATA frames in HTTP/2. Whatever `head` says about a
    /// length is dropped, as is its body. False when there will be no body to write: an unknown id, HEAD, 204
    /// or 304, or a head that may not be sent (a plain 500 then). A streamed response is in flight until
    /// `finish` or `abort`; a peer of HTTP/1 that ends its side meanwhile has left (on_cancel).
    virtual bool respond_streaming(StreamId id, Response head) = 0;
    enum class Written : std::uint8_t {
        kTaken,
        kTooSlow,  ///< nothing was taken: more than max_stream_bytes would be waiting
        kGone,     ///< no such stream: finished, aborted or cancelled
    };
    virtual Written write(StreamId id, std::string_view bytes) = 0;
    /// Ends a streamed response in order. Unknown ids are ignored.
    virtual void finish(StreamId id) = 0;
    /// Breaks a streamed response off so that the peer sees that it is incomplete: HTTP/1 drops what is
    /// waiting and closes, HTTP/2 resets the stream. Unknown ids are ignored.
    virtual void abort(StreamId id) = 0;
    /// Bytes of a streamed response that output() has not consumed (HTTP/1: with its framing).
    virtual std::size_t pending_bytes(StreamId id) const = 0;

    /// Stops taking new work without losing any. HTTP/1.1: the next response says "Connection: close" and is
    /// the last; an idle connection can't be told, so its owner closes it when its own grace period is over.
    /// HTTP/2: GOAWAY in two steps (RFC 9113 section 6.8): a notice, and after the peer's PING answer the
    /// last stream id; wants_close() once the accepted streams are answered.
    virtual void begin_drain() = 0;

    /// Nothing more will be read or answered; close once output() is empty.
    virtual bool wants_close() const = 0;
    /// No request is arriving or waiting for its answer, and no output is pending.
    virtual bool idle() const = 0;
    /// Requests handed out and not answered in full yet.
    virtual std::size_t in_flight() const = 0;
    /// Why the session ended early, for the log; empty otherwise.
    virtual std::string_view error() const = 0;
};

/// A session that finds out by itself whether the peer speaks HTTP/1.x or HTTP/2 with prior knowledge
/// (RFC 9113 section 3.3). `handler` must outlive it.
std::unique_ptr<ServerSession> make_server_session(RequestHandler& handler, ServerOptions options);
/// For a connection that agreed on a protocol by ALPN.
std::unique_ptr<ServerSession> make_http1_session(RequestHandler& handler, ServerOptions options);
std::unique_ptr<ServerSession> make_http2_session(RequestHandler& handler, ServerOptions options);

}  // namespace loadgen::http
