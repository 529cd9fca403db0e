// The processor behind make_node_processor: calls, deadlines, and one child after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loadgen/scripting/node/detail/node_child.hpp"
#include "loadgen/scripting/node/detail/waiting_calls.hpp"

namespace loadgen::scripting {

/// A timer that calls a function.
class Alarm final : private io::TimerEvents {
  public:
    Alarm(io::Loop& loop, std::function<void()> ring) : ring_(std::move(ring)), timer_(loop, *this) {}
    void set(Instant when) { timer_.set(when); }
    void cancel() { timer_.cancel(); }
    bool armed() const { return timer_.armed(); }

  private:
    void on_timer() override { ring_(); }

    std::function<void()> ring_;
    io::Timer timer_;
};

class NodeProcessor final : public Processor, private NodeChildEvents {
  public:
    /// What came of the first start.
    using Started = std::function<void(Result<std::vector<ExportedFunction>>)>;

    NodeProcessor(io::Loop& loop, ProcessorOptions options, Started started = {});
    ~NodeProcessor() override;

    void answer_to(ProcessorReplies& replies) override { replies_ = &replies; }
    void call(const ProcessorCall& call) override;
    void end_user(std::uint64_t user) override;
    std::uint32_t generation() const override { return generation_; }
    const ProcessorStatistics& statistics() const override { return statistics_; }

  private:
    /// kStarting: the module is being loaded. kPaused: between two children. kOver: there will be no other.
    enum class State : std::uint8_t { kStarting, kReady, kPaused, kOver };

    /// A call that ended without the host.
    struct Failure {
        std::uint64_t token = 0;
        Instant since;
        std::string error;
        std::string detail;
    };

    void start_child();
    void give_up(std::string why);
    void pause_before_restart(const std::string& why);
    void flush();
    void on_alarm();
    void set_alarm();
    void expire_calls();
    void look_for_life();
    void fail(const WaitingCalls::Call& call, std::string_view error, const std::string& why);
    void refuse(const ProcessorCall& call, std::string_view error, const std::string& why);
    void deliver(ProcessorReply&& reply, Instant since);
    void deliver_failures();
    std::string name_of(std::uint32_t function) const;

    void on_ready(std::vector<ExportedFunction> functions) override;
    void on_cannot_start(std::string problem) override;
    void on_call_done(std::uint64_t id, ProcessorReply&& reply) override;
    void on_host_metric(const EmittedMetric& metric) override;
    void on_life_sign() override { life_deadline_.reset(); }
    void on_lost(std::string why) override;

    io::Loop& loop_;
    const ProcessorOptions options_;
    Started started_;
    ProcessorReplies* replies_ = nullptr;
    ProcessorStatistics statistics_;
    State state_ = State::kStarting;
    std::uint32_t generation_ = 1;
    std::unique_ptr<NodeChild> child_;
    bool has_started_once_ = false;
    std::string problem_;  // why there is no child, or why it could not load the module
    std::uint32_t restarts_in_row_ = 0;
    Instant state_deadline_;  // of kStarting and kPaused
    Instant ready_since_;
    std::optional<Instant> life_deadline_;  // asked for a sign of life
    FrameBuilder outgoing_;
    WaitingCalls calls_;
    std::vector<Failure> failures_;  // to be told at the end of the turn
    Alarm flush_alarm_;
    Alarm alarm_;
};

}  // namespace loadgen::scripting
