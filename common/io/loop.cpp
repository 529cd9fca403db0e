#include "common/io/loop.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <utility>

namespace loadgen::io {
namespace {

constexpr int kMaxEvents = 256;

timespec to_timespec(Nanos duration) {
    return {.tv_sec = duration.count() / 1'000'000'000, .tv_nsec = duration.count() % 1'000'000'000};
}

std::array<epoll_event, kMaxEvents>& event_buffer() {
    static thread_local std::array<epoll_event, kMaxEvents> events;
    return events;
}

}  // namespace

Timer::Timer(Loop& loop, TimerEvents& events) : loop_(loop), events_(events) {
    loop.timers_.push_back(this);
}

Timer::~Timer() {
    std::erase(loop_.timers_, this);
}

Loop::Loop(const Clock& clock)
    : clock_(clock),
      now_(clock.now()),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};  // no Watched: it only ends the wait
    epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
}

Loop::~Loop() {
    free_disposed();
    if (stamping_ >= 0) close(stamping_);
    close(wake_);
    close(epoll_);
}

void Loop::run() {
    // Without this the kernel rounds sleeps of ordinary threads up by 50 us.
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    while (!stopped_) turn(true);
}

bool Loop::poll() {
    turn(false);
    return !stopped_;
}

void Loop::stop() {
    post([this] { stopped_ = true; });
}

void Loop::post(std::function<void()> task) {
    {
        const std::lock_guard lock(tasks_mutex_);
        tasks_.push_back(std::move(task));
    }
    eventfd_write(wake_, 1);  // cannot fail before 2^64 - 1 posts
}

bool Loop::watch(int fd, Watched& watched, std::uint32_t events) {
    epoll_event event{.events = events, .data = {.ptr = &watched}};
    return epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool Loop::change_watch(int fd, Watched& watched, std::uint32_t events) {
    epoll_event event{.events = events, .data = {.ptr = &watched}};
    return epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) == 0;
}

void Loop::unwatch(int fd) {
    epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
}

void Loop::turn(bool may_sleep) {
    const int ready = wait(may_sleep);
    if (keeps_arrival_times_) previous_look_ = std::exchange(last_look_, refresh());
    bool woken = false;
    for (int i = 0; i < ready; ++i) {
        const epoll_event& event = event_buffer()[static_cast<std::size_t>(i)];
        auto* watched = static_cast<Watched*>(event.data.ptr);
        if (watched == nullptr) {
            woken = true;
            continue;
        }
        refresh();
        watched->on_ready(event.events);
    }
    refresh();
    fire_timers();
    if (woken) run_tasks();
    if (!disposed_.empty()) free_disposed();
}

void Loop::keep_arrival_times() {
    keeps_arrival_times_ = true;
    if (stamping_ >= 0) return;
    stamping_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(stamping_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

void Loop::rest() {
    const Instant until = std::exchange(rest_until_, Instant::min());
    if (until <= now_ || now_ < awake_until_) return;
    const timespec when = to_timespec(until.time_since_epoch());
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, nullptr) == EINTR) {
    }
}

Instant Loop::instant_of(WallTime stamp) {
    // The clocks are compared once a turn; a step of the wall clock in between shows as a stamp out of range.
    if (!std::exchange(wall_is_known_, true)) {
        wall_minus_monotonic_ = clock_.wall_now().unix_ns - clock_.now().time_since_epoch().count();
    }
    const Instant arrived(Nanos(stamp.unix_ns - wall_minus_monotonic_));
    return arrived < previous_look_ || arrived > now_ ? now_ : arrived;
}

int Loop::wait(bool may_sleep) {
    Nanos sleep{0};
    bool forever = false;
    wall_is_known_ = false;
    if (may_sleep) {
        rest();
        Instant next = Instant::max();
        for (const Timer* timer : timers_) next = std::min(next, timer->when_);
        forever = next == Instant::max();
        if (!forever) sleep = std::max(Nanos(0), next - refresh());
    }
    const timespec timeout = to_timespec(sleep);
    if (has_precise_wait_) {
        const int ready =
            epoll_pwait2(epoll_, event_buffer().data(), kMaxEvents, forever ? nullptr : &timeout, nullptr);
        if (ready >= 0 || errno != ENOSYS) return ready;
        has_precise_wait_ = false;  // Linux before 5.11
    }
    pollfd readable{.fd = epoll_, .events = POLLIN, .revents = 0};
    ppoll(&readable, 1, forever ? nullptr : &timeout, nullptr);
    return epoll_wait(epoll_, event_buffer().data(), kMaxEvents, 0);
}

void Loop::fire_timers() {
    // By index: a handler may make or destroy timers.
    for (std::size_t i = 0; i < timers_.size(); ++i) {
        Timer* timer = timers_[i];
        if (timer->when_ > now_) continue;
        timer->when_ = Instant::max();
        timer->events_.on_timer();
    }
}

void Loop::run_tasks() {
    eventfd_t count = 0;
    eventfd_read(wake_, &count);
    std::vector<std::function<void()>> tasks;
    {
        const std::lock_guard lock(tasks_mutex_);
        tasks.swap(tasks_);
    }
    for (const auto& task : tasks) {
        refresh();
        task();
    }
}

void Loop::free_disposed() {
    for (std::size_t i = 0; i < disposed_.size(); ++i) delete disposed_[i];
    disposed_.clear();
}

}  // namespace loadgen::io
