#include "services/supervisor/detail/deploy.hpp"

#include <algorithm>
#include <utility>

namespace loadgen::services::supervisor::detail {
namespace {

// The system gives a port back the moment its last holder is gone; somebody else may hold it for a moment.
constexpr Nanos kOpenPause = std::chrono::milliseconds(20);
constexpr unsigned kOpenAttempts = 250;

}  // namespace

Deploy::Deploy(boost::asio::io_context& loop, Group& group, const DeployRequest& request, Listener listener)
    : group_(group),
      request_(request),
      listener_(std::move(listener)),
      retry_(loop),
      wanted_(request.instances > 0 ? request.instances : group.slots().size()) {}

void Deploy::begin() {
    group_.grow(wanted_);
    if (request_.strategy == Strategy::kRolling) {
        roll(0);
    } else {
        replace_all(request_.strategy == Strategy::kKill);
    }
}

void Deploy::tell(std::string_view name, const Instance* instance, Instant began) {
    Phase phase{.name = name, .group = group_.name(), .version = {}, .took = now() - began};
    if (instance != nullptr) {
        phase.pid = instance->pid();
        phase.version = instance->version();
    }
    listener_.phase(phase);
}

void Deploy::finish(Result<void> outcome) {
    group_.shrink(wanted_);
    // Last: the listener may destroy this object.
    const auto done = std::move(listener_.done);
    done(std::move(outcome));
}

void Deploy::roll(std::size_t index) {
    if (index >= group_.slots().size()) return finish({});
    Slot& slot = *group_.slots()[index];
    const Instant began = now();
    if (index >= wanted_) {
        const auto leaving = slot.current();
        slot.clear(false, [this, index, leaving, began](const Result<void>&) {
            tell("drain", leaving.get(), began);
            roll(index + 1);
        });
        return;
    }
    slot.prepare(request_.version, [this, index, began](Result<void> outcome) {
        if (outcome) return roll_on(index, began);
        // What serves goes on serving. Places that were new and stay empty go.
        wanted_ = group_.slots().size();
        while (wanted_ > 0 && !group_.slots()[wanted_ - 1]->current()) --wanted_;
        finish(std::move(outcome));
    });
}

void Deploy::roll_on(std::size_t index, Instant began) {
    Slot& slot = *group_.slots()[index];
    slot.promote();
    tell("start", slot.current().get(), began);
    const auto leaving = slot.previous();
    if (!leaving) return roll(index + 1);
    slot.retire([this, index, leaving, drain_began = now()](const Result<void>&) {
        tell("drain", leaving.get(), drain_began);
        roll(index + 1);
    });
}

void Deploy::replace_all(bool kill) {
    closed_at_ = now();
    group_.close_sockets();
    missing_ = group_.slots().size();
    for (const auto& slot : group_.slots()) {
        const auto leaving = slot->current();
        slot->clear(kill, [this, leaving, kill, began = now()](const Result<void>&) {
            if (leaving) tell(kill ? "kill" : "drain", leaving.get(), began);
            if (--missing_ == 0) open_again(now(), kOpenAttempts);
        });
    }
}

void Deploy::open_again(Instant began, unsigned attempts_left) {
    auto opened = group_.open_sockets();
    if (opened) {
        refused_ = now() - closed_at_;
        tell("open", nullptr, began);
        return start_all();
    }
    if (attempts_left == 0) {
        for (const auto& slot : group_.slots()) slot->keep_trying(request_.version);
        return finish(std::move(opened));
    }
    retry_.expires_after(kOpenPause);
    retry_.async_wait([this, began, attempts_left](const boost::system::error_code& error) {
        if (!error) open_again(began, attempts_left - 1);
    });
}

void Deploy::start_all() {
    group_.shrink(wanted_);
    missing_ = group_.slots().size();
    // By index: a failure at once comes back before the loop has ended.
    const std::size_t count = missing_;
    for (std::size_t i = 0; i < count; ++i) {
        group_.slots()[i]->prepare(request_.version, [this, i, began = now()](Result<void> outcome) {
            started(i, began, std::move(outcome));
        });
    }
}

void Deploy::started(std::size_t index, Instant began, Result<void> outcome) {
    Slot& slot = *group_.slots()[index];
    if (outcome) {
        slot.promote();
        if (!std::exchange(any_ready_, true)) unavailable_ = now() - closed_at_;
        tell("start", slot.current().get(), began);
    } else {
        slot.keep_trying(request_.version);
        outcome_ = std::move(outcome);
    }
    if (--missing_ == 0) finish(std::move(outcome_));
}

}  // namespace loadgen::services::supervisor::detail
