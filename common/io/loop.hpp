// The event loop of one thread, on Boost.Asio; and the one-shot timer.
#pragma once

#include <functional>
#include <memory>

#include "common/base/time.hpp"

namespace loadgen::io {

/// A single-threaded event loop. Everything made on it belongs to the thread that runs it; only `post` and
/// `stop` may be called from elsewhere. It keeps the time of the current event so that all who handle the
/// event agree.
class Loop {
  public:
    explicit Loop(const Clock& clock = system_clock());
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// The time read when the current event was taken up. Stale outside event handlers.
    Instant now() const { return now_; }
    /// Reads the clock and makes it `now()`. Called by the loop's own objects once per event.
    Instant refresh() { return now_ = clock_.now(); }

    /// Handles events until `stop()`, sleeping while there is none.
    void run();
    /// Handles events that are ready, without sleeping. False once stopped.
    bool poll();
    /// Makes `run` return after the current event. Any thread.
    void stop();
    bool stopped() const;
    /// Runs `task` on the loop's thread. Any thread. Allocates: not for the hot path.
    void post(std::function<void()> task);

    struct Native;  // the Asio context; defined in native_loop.hpp for this folder and servers only
    Native& native() { return *native_; }

  private:
    const Clock& clock_;
    Instant now_;
    std::unique_ptr<Native> native_;
};

/// Receives a timer's expiry.
class TimerEvents {
  public:
    virtual void on_timer() = 0;

  protected:
    ~TimerEvents() = default;
};

/// One-shot timer with microsecond grain (timerfd under Asio). A `set` replaces the earlier one; after
/// `cancel` or destruction the expiry is never delivered. Never fires before its instant.
class Timer {
  public:
    Timer(Loop& loop, TimerEvents& events);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void set(Instant when);
    void cancel();
    bool armed() const;

  private:
    struct State;
    State* state_;  // shared with the handler in flight; freed by the last of the two
};

}  // namespace loadgen::io
