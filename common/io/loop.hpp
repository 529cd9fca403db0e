// The event loop of one engine thread, on epoll, with timers of microsecond precision.
//
// Why not an Asio context here: its reactor reads once more after each short read (one recv that finds
// nothing) and re-arms a timerfd twice for each timer, which in the open model makes seven system calls of
// four a request (docs/engine.md has the figures). The services, which do not measure, run on Asio.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "common/base/time.hpp"

namespace loadgen::io {

class Loop;

/// Something with a file descriptor that the loop watches. Reference-counted by hand: an event already
/// fetched may still refer to it after it was dropped, so the loop frees it at the end of the turn.
class Watched {
  public:
    /// `events`: the EPOLL* bits that are ready. The loop's time is fresh.
    virtual void on_ready(std::uint32_t events) = 0;

  protected:
    virtual ~Watched() = default;

  private:
    friend class Loop;
};

/// Receives a timer's expiry.
class TimerEvents {
  public:
    virtual void on_timer() = 0;

  protected:
    ~TimerEvents() = default;
};

/// One-shot timer. A `set` replaces the earlier one; after `cancel` or destruction no expiry is delivered.
/// Never fires before its instant. A loop has few of them: deadlines by the thousand belong in a TimerWheel.
class Timer {
  public:
    Timer(Loop& loop, TimerEvents& events);
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void set(Instant when) { when_ = when; }
    void cancel() { when_ = Instant::max(); }
    bool armed() const { return when_ != Instant::max(); }

  private:
    friend class Loop;
    Loop& loop_;
    TimerEvents& events_;
    Instant when_ = Instant::max();
};

/// A single-threaded event loop. Everything made on it belongs to the thread that runs it; only `post` and
/// `stop` may be called from elsewhere. It keeps the time of the current event so that all who handle the
/// event agree.
class Loop {
  public:
    /// Takes two descriptors. When the system has none left the loop is not usable, which its owner must ask
    /// for.
    explicit Loop(const Clock& clock = system_clock());
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    bool usable() const { return epoll_ >= 0 && wake_ >= 0; }

    /// The time read when the current event was taken up. Stale outside event handlers.
    Instant now() const { return now_; }
    /// Reads the clock and makes it `now()`.
    Instant refresh() { return now_ = clock_.now(); }
    /// Makes an earlier instant `now()`: when the bytes being handed on arrived.
    void set_now(Instant when) { now_ = when; }

    /// Handles events until `stop()`, sleeping while there is none.
    void run();
    /// Handles events that are ready, without sleeping. False once stopped.
    bool poll();
    /// Makes `run` return after the current turn. Any thread.
    void stop();
    bool stopped() const { return stopped_; }
    /// Runs `task` on the loop's thread. Any thread. Allocates: not for the hot path.
    void post(std::function<void()> task);

    /// Streams made from now on have the kernel stamp what arrives, and `now()` is that stamp while received
    /// bytes are handled: however late a thread gets to them, nothing is measured late. Linux, TCP only.
    /// Takes effect within milliseconds.
    void keep_arrival_times();
    bool keeps_arrival_times() const { return keeps_arrival_times_; }

    /// Sleeps once until `when` without looking at sockets, which saves a wake-up for each of them. Passed
    /// over while something is going on that an arrival time cannot correct (see `stay_awake`).
    void rest_until(Instant when) { rest_until_ = when; }

    // -- For the objects that live on the loop:

    /// Connecting, handshakes and bulk transfers wait for what the socket does next: no rest for some
    /// milliseconds.
    void stay_awake() { awake_until_ = now_ + kAwake; }
    /// A kernel time stamp (CLOCK_REALTIME) on the monotonic clock; not after `now()`, and `now()` itself
    /// when the stamp makes no sense.
    Instant instant_of(WallTime stamp);

    /// Starts or changes watching; `events` are EPOLL* bits. False when the system refuses (errno is set).
    bool watch(int fd, Watched& watched, std::uint32_t events);
    bool change_watch(int fd, Watched& watched, std::uint32_t events);
    void unwatch(int fd);
    /// Deletes `watched` when no event of the current turn can refer to it any more.
    void dispose(Watched* watched) { disposed_.push_back(watched); }

  private:
    friend class Timer;

    static constexpr Nanos kAwake{10'000'000};

    void turn(bool may_sleep);
    void rest();
    int wait(bool may_sleep);
    void fire_timers();
    void run_tasks();
    void free_disposed();

    const Clock& clock_;
    Instant now_;
    int epoll_ = -1;
    int wake_ = -1;
    bool stopped_ = false;
    std::vector<Timer*> timers_;
    std::vector<Watched*> disposed_;
    std::mutex tasks_mutex_;
    std::vector<std::function<void()>> tasks_;
    bool has_precise_wait_ = true;
    bool keeps_arrival_times_ = false;
    int stamping_ = -1;  // its only purpose: to have the kernel stamp packets from early on
    Instant rest_until_ = Instant::min();
    Instant awake_until_ = Instant::min();
    // When the sockets were last looked at, and the time before: what is handed on now arrived in between.
    Instant last_look_ = Instant::min();
    Instant previous_look_ = Instant::min();
    std::int64_t wall_minus_monotonic_ = 0;
    bool wall_is_known_ = false;  // in this turn
};

}  // namespace loadgen::io
