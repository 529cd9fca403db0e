// The engine's end of the sockets and pipes to a child, on a loop.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/io/loop.hpp"

namespace loadgen::scripting {

/// Receives what arrives on a channel.
class ChannelEvents {
  public:
    /// The view dies on return.
    virtual void on_bytes(std::string_view bytes) = 0;
    /// The other end was closed. Nothing follows.
    virtual void on_gone() = 0;

  protected:
    ~ChannelEvents() = default;
};

/// A descriptor in both directions, or only for reading. Must be retired, not destroyed: an event of the turn
/// may still refer to it.
class Channel final : private io::Watched {
  public:
    /// Gives its channel back to the loop.
    struct Retire {
        void operator()(Channel* channel) const { channel->retire(); }
    };
    using Pointer = std::unique_ptr<Channel, Retire>;

    /// Takes `fd`, which must not block.
    static Pointer make(io::Loop& loop, int fd, ChannelEvents& events);

    /// Writes what the socket takes, and keeps the rest until it takes more.
    void send(std::string_view bytes);
    std::size_t unsent_bytes() const { return unsent_.size() - sent_; }

    /// Reads what is there, without waiting for an event.
    void read_now() { read(); }
    int descriptor() const { return fd_; }
    bool is_open() const { return fd_ >= 0; }
    /// Says that nothing more will be sent; goes on receiving.
    void finish_sending();

  private:
    Channel(io::Loop& loop, int fd, ChannelEvents& events) : loop_(loop), events_(&events), fd_(fd) {}
    ~Channel() override;

    void on_ready(std::uint32_t events) override;
    void read();
    void write_unsent();
    void watch_for_room(bool wanted);
    void close();
    void retire();

    io::Loop& loop_;
    ChannelEvents* events_;
    int fd_;
    bool waits_for_room_ = false;
    std::string unsent_;
    std::size_t sent_ = 0;  // of unsent_
};

/// Hands on the lines of a child's output, each as soon as it is complete, or is as long as a line may be.
class LineReader final : public ChannelEvents {
  public:
    using Print = std::function<void(std::string_view line)>;

    explicit LineReader(Print print) : print_(std::move(print)) {}
    void on_bytes(std::string_view bytes) override;
    void on_gone() override;

  private:
    Print print_;
    std::string rest_;
};

}  // namespace loadgen::scripting
