#include "common/io/loop.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>

#include "common/io/native_loop.hpp"

namespace loadgen::io {
namespace asio = boost::asio;

Loop::Loop(const Clock& clock) : clock_(clock), now_(clock.now()), native_(std::make_unique<Native>()) {}

Loop::~Loop() = default;

void Loop::run() {
    native_->context.run();
}

bool Loop::poll() {
    native_->context.poll();
    return !native_->context.stopped();
}

void Loop::stop() {
    native_->context.stop();
}

bool Loop::stopped() const {
    return native_->context.stopped();
}

void Loop::post(std::function<void()> task) {
    asio::post(native_->context, [this, task = std::move(task)] {
        refresh();
        task();
    });
}

namespace {

/// The clock Asio's timer queue compares with; Asio asks for a static now(). Timers always use the real
/// clock.
struct TimerClock {
    using duration = Nanos;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<TimerClock, Nanos>;
    static constexpr bool is_steady = true;
    static time_point now() { return time_point(system_clock().now().time_since_epoch()); }
};

using NativeTimer =
    asio::basic_waitable_timer<TimerClock, asio::wait_traits<TimerClock>, asio::io_context::executor_type>;

}  // namespace

struct Timer::State {
    State(Loop& owner, TimerEvents& receiver)
        : loop(owner), events(&receiver), timer(owner.native().context.get_executor()) {}

    void release() {
        if (--references == 0) delete this;
    }

    void arm(Instant when) {
        armed = true;
        const std::uint64_t ticket = ++generation;
        timer.expires_at(TimerClock::time_point(when.time_since_epoch()));
        ++references;
        timer.async_wait([this, ticket](const boost::system::error_code& error) { expire(error, ticket); });
    }

    void expire(const boost::system::error_code& error, std::uint64_t ticket) {
        // A handler already queued cannot be cancelled: only the latest ticket counts.
        if (!error && armed && ticket == generation && events != nullptr) {
            armed = false;
            loop.refresh();
            events->on_timer();
        }
        release();
    }

    Loop& loop;
    TimerEvents* events;
    NativeTimer timer;
    std::uint64_t generation = 0;
    std::uint32_t references = 1;
    bool armed = false;
};

Timer::Timer(Loop& loop, TimerEvents& events) : state_(new State(loop, events)) {}

Timer::~Timer() {
    state_->events = nullptr;
    cancel();
    state_->release();
}

void Timer::set(Instant when) {
    state_->arm(when);
}

void Timer::cancel() {
    if (!state_->armed) return;
    state_->armed = false;
    state_->timer.cancel();
}

bool Timer::armed() const {
    return state_->armed;
}

}  // namespace loadgen::io
