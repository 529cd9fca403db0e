// One run of the host: a child, its socket and its output. Knows messages, not calls.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/io/loop.hpp"
#include "loadgen/scripting/node/detail/channel.hpp"
#include "loadgen/scripting/node/detail/child.hpp"
#include "loadgen/scripting/node/detail/frames.hpp"
#include "loadgen/scripting/node/detail/messages.hpp"

namespace loadgen::scripting {

/// Receives what a run has to say, on the loop's thread.
class NodeChildEvents : public HostMessages {
  public:
    /// Something arrived: it lives.
    virtual void on_life_sign() = 0;
    /// It is over, or of no use any more; `why` says how. To be answered by destroying the NodeChild.
    virtual void on_lost(std::string why) = 0;

  protected:
    ~NodeChildEvents() = default;
};

/// Lives on the loop's thread. `events` must outlive it.
class NodeChild final : private ChannelEvents, private FrameEvents {
  public:
    static Result<std::unique_ptr<NodeChild>> start(io::Loop& loop, const ProcessorOptions& options,
                                                    NodeChildEvents& events);
    /// Kills it, unless it was parted from.
    ~NodeChild();

    void send(std::string_view frames) { socket_->send(frames); }
    std::size_t unsent_bytes() const { return socket_->unsent_bytes(); }
    /// Lets it end by itself, for a moment, and prints its last words.
    void part();
    /// Ends it, prints its last words, and says how it ended.
    std::string end();

  private:
    NodeChild(io::Loop& loop, Child child, const ProcessorOptions& options, NodeChildEvents& events);

    void on_bytes(std::string_view bytes) override;
    void on_gone() override;
    Result<void> on_frame(std::string_view payload) override;

    io::Loop& loop_;
    NodeChildEvents& events_;
    Child child_;
    FrameCutter cutter_;
    MessageReader reader_;
    LineReader output_lines_;
    LineReader error_lines_;
    Channel::Pointer socket_;
    Channel::Pointer output_;
    Channel::Pointer errors_;
};

}  // namespace loadgen::scripting
