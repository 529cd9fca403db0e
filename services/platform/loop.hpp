// The event loop of one server thread, on Boost.Asio.
#pragma once

#include <functional>
#include <memory>

#include "common/base/time.hpp"

namespace loadgen::services::platform {

/// Something that a loop does later. A handle to it; dropping it changes nothing. Loop thread only.
class LoopTimer {
  public:
    virtual ~LoopTimer() = default;
    /// The task will not run, and what it holds is released. Allowed at any time, also from the task.
    virtual void cancel() = 0;
    /// The task has neither run nor been cancelled.
    virtual bool waiting() const = 0;
};

/// A single-threaded event loop that keeps the time of the current event, so that all who handle it agree.
/// Everything made on it belongs to the thread that runs it; only `post` and `stop` may be called from
/// elsewhere.
class Loop {
  public:
    explicit Loop(const Clock& clock = system_clock());
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// The time that the current event read.
    Instant now() const { return now_; }
    /// Reads the clock and makes it `now()`. Called once an event by the loop's own objects.
    Instant refresh() { return now_ = clock_.now(); }

    /// Handles events until `stop`, sleeping while there is none.
    void run();
    /// Makes `run` return after the current event. Any thread.
    void stop();
    /// After `run`, when everything made on the loop is closed: lets pending operations report that they were
    /// cancelled, so that what their handlers own is freed.
    void finish();
    /// Runs `task` on the loop's thread. Any thread.
    void post(std::function<void()> task);

    /// Runs `task` once, `delay` from now at the earliest; a delay of 0 or less runs it after the current
    /// event. A loop that ends releases its tasks without running them. Loop thread only.
    std::shared_ptr<LoopTimer> after(Nanos delay, std::function<void()> task);

    struct Native;  ///< the Asio context: detail/native_loop.hpp
    Native& native() { return *native_; }

  private:
    void drop_timers();

    const Clock& clock_;
    Instant now_;
    std::unique_ptr<Native> native_;
};

}  // namespace loadgen::services::platform
