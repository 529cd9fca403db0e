// An answer whose body comes piece by piece: server-sent events, exports, anything without a known length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace loadgen::services::platform {

/// Why a stream ended without `finish`.
enum class StreamEnd : std::uint8_t {
    kPeerLeft,  ///< the client reset the stream or closed the connection
    kTooSlow,   ///< the client reads too slowly: more than `max_stream_bytes` were waiting
    kDraining,  ///< the server goes away; the client is to come again elsewhere
};

/// The body of one answer, made by Call::answer_stream. Shared by its connection and whoever writes. Loop
/// thread only. HTTP/1.1 sends chunks (RFC 9112 section 7.1), HTTP/1.0 ends with the connection, HTTP/2 sends
/// DATA within the client's window. No timeout ends an open stream, except that a client that takes nothing
/// of what is waiting for `idle_timeout` is cut off; comments that keep proxies awake are the writer's
/// business.
class Stream {
  public:
    virtual ~Stream() = default;

    /// Appends to the body and sends what the client takes; empty `bytes` do nothing. False when the stream
    /// is over. When `max_stream_bytes` would be waiting, nothing is appended and the stream is broken off
    /// (kTooSlow): the client sees an incomplete body, not a wrong one.
    virtual bool write(std::string_view bytes) = 0;
    /// Ends the body in order, behind what is waiting. `on_close` is not called any more.
    virtual void finish() = 0;
    virtual bool is_open() const = 0;
    /// Bytes written and not yet given to the system.
    virtual std::size_t pending_bytes() const = 0;
    /// `closed` is called once when the stream ends otherwise than by `finish`; posted when it has ended
    /// already (a HEAD request, say: its stream is never open). For kDraining it is called before the end, so
    /// that a last event can be written. Setting it releases the one before.
    virtual void on_close(std::function<void(StreamEnd why)> closed) = 0;
};

}  // namespace loadgen::services::platform
