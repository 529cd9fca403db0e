// A client's byte stream over TCP or a unix socket, on a Loop.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/io/address.hpp"
#include "common/io/loop.hpp"

namespace loadgen::io {

/// How a stream ended, or why it never began.
struct StreamEnd {
    bool eof = false;  ///< the peer closed its side in order
    int os_error = 0;  ///< errno otherwise
};

/// Receives what happens on a stream. Called on the loop's thread, with `loop.now()` fresh. Any callback may
/// close the stream. After `on_closed`, or after the owner called `close`, nothing more is delivered.
class StreamEvents {
  public:
    virtual void on_connected() = 0;
    /// Bytes arrived; the view dies on return.
    virtual void on_received(std::string_view bytes) = 0;
    /// The socket takes bytes again after `send` was short.
    virtual void on_writable() = 0;
    virtual void on_closed(StreamEnd end) = 0;

  protected:
    ~StreamEvents() = default;
};

/// One connection. Not thread-safe; belongs to its loop's thread.
///
/// Edge-triggered: one registration for its whole life. All streams of a thread read through one buffer, so
/// an idle connection holds no buffer at all; writes are sent at once, without a completion event.
class Stream {
  public:
    Stream(Loop& loop, StreamEvents& events);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// Starts connecting, from `local` when given (its port is usually 0). Failures to even start (no
    /// descriptors, no ports) arrive through on_closed as well, always asynchronously. Once a stream.
    void connect(const Address& peer, const std::optional<Address>& local);

    /// Sends what the socket takes now. Returns the number of bytes taken; fewer than asked means on_writable
    /// will follow. A broken socket takes nothing; its error arrives through on_closed.
    std::size_t send(std::string_view bytes);

    /// Closes now. No event follows.
    void close();

  private:
    class State;
    State* state_;  // owned until disposed of; null once closed
    Loop& loop_;
};

}  // namespace loadgen::io
