// One serving process, from its start until it is gone.
#pragma once

#include <sys/types.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "common/base/time.hpp"
#include "common/telemetry/logger.hpp"
#include "services/platform/traffic.hpp"
#include "services/supervisor/detail/launch.hpp"

namespace loadgen::services::supervisor::detail {

/// Loop thread only. `on_ready` and `on_gone` are set by whoever the instance concerns at the moment; each is
/// called from the loop, never from within a call, and may be null. Lives until the process is gone; a loop
/// that is destroyed earlier kills it.
class Instance : public std::enable_shared_from_this<Instance> {
  public:
    enum class State { kStarting, kReady, kLeaving, kGone };

    /// `what.traffic` is filled in here. Ready after `ready_lines` lines on its stdout.
    static Result<std::shared_ptr<Instance>> start(boost::asio::io_context& loop,
                                                   const telemetry::Logger& logger, Launch what,
                                                   std::string group, std::string version,
                                                   std::size_t ready_lines);
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    std::function<void()> on_ready;
    std::function<void()> on_gone;

    /// SIGTERM, and SIGKILL when it is still there after `patience`.
    void leave(Nanos patience);
    /// SIGKILL. `why` goes to the log.
    void kill(std::string_view why);
    /// Kills it unless it is ready within `limit`.
    void expect_ready(Nanos limit);

    State state() const { return state_; }
    pid_t pid() const { return pid_; }
    const std::string& group() const { return group_; }
    const std::string& version() const { return version_; }
    platform::Traffic& traffic() { return traffic_->traffic(); }
    Nanos age() const;
    /// How it ended: "exit code 1", "signal 9".
    const std::string& end() const { return end_; }
    bool asked_to_leave() const { return asked_; }

  private:
    Instance(boost::asio::io_context& loop, const telemetry::Logger& logger, Launched launched);

    void watch_output(std::size_t lines_missing);
    void watch_process();
    void gone();
    void send(int signal);
    void log_leaving(telemetry::LogLevel level, std::string_view what, std::string_view why);
    void log_gone() const;

    boost::asio::io_context& loop_;
    const telemetry::Logger& logger_;
    std::unique_ptr<platform::SharedTraffic> traffic_;
    boost::asio::posix::stream_descriptor process_;
    boost::asio::posix::stream_descriptor output_;
    boost::asio::steady_timer timer_;  // of being ready, then of leaving
    std::array<char, 4096> buffer_{};
    std::string group_;
    std::string version_;
    const pid_t pid_;
    State state_ = State::kStarting;
    bool asked_ = false;
    Instant started_;
    Instant asked_at_;
    std::uint64_t answers_when_asked_ = 0;
    std::string end_;
};

std::string_view state_name(Instance::State state);

}  // namespace loadgen::services::supervisor::detail
