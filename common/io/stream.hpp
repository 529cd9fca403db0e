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
/// Reads go into a small buffer of its own (the memory an idle connection holds); when that fills, the rest
/// is drained through a buffer shared by the loop's streams. Writes are sent at once, without a completion
/// event.
class Stream {
  public:
    Stream(Loop& loop, StreamEvents& events, std::size_t read_buffer_bytes);
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
    bool open() const;

    /// The local address the system chose; empty before the connection stands.
    Address local_address() const;

  private:
    struct State;
    State* state_;  // shared with handlers in flight; freed by the last of them
};

}  // namespace loadgen::io
