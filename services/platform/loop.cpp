#include "services/platform/loop.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <utility>

#include "services/platform/detail/native_loop.hpp"

namespace loadgen::services::platform {
namespace detail {

/// Registered with its loop while it waits; knows no loop afterwards, so that handles may outlive it.
class TimerTask final : public LoopTimer, public std::enable_shared_from_this<TimerTask> {
  public:
    TimerTask(Loop& loop, Nanos delay, std::function<void()> task)
        : loop_(&loop), task_(std::move(task)), timer_(std::in_place, loop.native().context, delay) {}

    void start() {
        loop_->native().timers.insert(shared_from_this());
        timer_->async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error) self->run();
        });
    }
    void cancel() override {
        if (loop_ == nullptr) return;
        const auto self = shared_from_this();
        std::exchange(loop_, nullptr)->native().timers.erase(self);
        release();
    }
    bool waiting() const override { return loop_ != nullptr; }
    /// The loop ends.
    void release() {
        loop_ = nullptr;
        timer_.reset();
        // Moved out first: what the task holds may ask this timer things while it goes.
        const auto task = std::exchange(task_, nullptr);
    }

  private:
    void run() {
        // A cancelled timer whose expiry was queued already gets here too.
        if (loop_ == nullptr) return;
        Loop& loop = *std::exchange(loop_, nullptr);
        loop.native().timers.erase(shared_from_this());
        loop.refresh();
        const auto task = std::exchange(task_, nullptr);
        timer_.reset();
        task();
    }

    Loop* loop_;  // null once it has run or was cancelled
    std::function<void()> task_;
    std::optional<boost::asio::steady_timer> timer_;
};

}  // namespace detail

Loop::Loop(const Clock& clock) : clock_(clock), now_(clock.now()), native_(std::make_unique<Native>()) {}

Loop::~Loop() {
    drop_timers();
}

void Loop::run() {
    native_->context.run();
}

void Loop::stop() {
    native_->context.stop();
}

void Loop::finish() {
    drop_timers();
    native_->context.restart();
    native_->context.poll();
}

void Loop::post(std::function<void()> task) {
    boost::asio::post(native_->context, [this, work = std::move(task)] {
        refresh();
        work();
    });
}

std::shared_ptr<LoopTimer> Loop::after(Nanos delay, std::function<void()> task) {
    auto timer = std::make_shared<detail::TimerTask>(*this, delay, std::move(task));
    timer->start();
    return timer;
}

void Loop::drop_timers() {
    const auto timers = std::exchange(native_->timers, {});
    for (const auto& timer : timers) timer->release();
}

}  // namespace loadgen::services::platform
