#include "services/supervisor/detail/slot.hpp"

#include <algorithm>
#include <utility>

namespace loadgen::services::supervisor::detail {
namespace {

using telemetry::LogLevel;

// A process that dies at once must not keep the machine busy with its deaths.
constexpr Nanos kFirstPause = std::chrono::milliseconds(100);
constexpr Nanos kLongestPause = std::chrono::seconds(5);
constexpr unsigned kMaxDoublings = 6;
constexpr Nanos kHealthyAge = std::chrono::seconds(10);  // then a death is the first again

Nanos pause_after(unsigned failures) {
    return std::min<Nanos>(kFirstPause * (1U << std::min(failures, kMaxDoublings)), kLongestPause);
}

}  // namespace

void Slot::launch(const std::string& version, Done done) {
    auto started = rules_.start(version);
    if (!started) {
        done(std::move(started).error());
        return;
    }
    prepared_ = std::move(*started);
    prepared_->on_ready = [this, done] {
        prepared_->on_gone = [this] { prepared_ = nullptr; };
        done({});
    };
    prepared_->on_gone = [this, done] {
        const auto instance = std::exchange(prepared_, nullptr);
        done(Error{ErrorCode::kIo,
                   "version " + instance->version() + " left before it was ready (" + instance->end() + ")"});
    };
    prepared_->expect_ready(rules_.start_limit);
}

void Slot::prepare(const std::string& version, Done done) {
    restart_.cancel();
    if (prepared_) {  // a restart under way: the deploy replaces it
        previous_ = std::exchange(prepared_, nullptr);
        let_go(previous_, true, [this, version, done](const Result<void>&) {
            previous_ = nullptr;
            launch(version, done);
        });
        return;
    }
    launch(version, std::move(done));
}

void Slot::promote() {
    previous_ = std::exchange(current_, std::exchange(prepared_, nullptr));
    watch_current();
    if (previous_) previous_->on_gone = [this] { previous_ = nullptr; };
}

void Slot::watch_current() {
    current_->on_ready = nullptr;
    current_->on_gone = [this] { current_died(); };
}

void Slot::retire(Done done) {
    if (!previous_) {
        done({});
        return;
    }
    let_go(previous_, false, [this, done](const Result<void>&) {
        previous_ = nullptr;
        done({});
    });
}

void Slot::clear(bool kill, Done done) {
    restart_.cancel();
    auto instance = std::exchange(current_, nullptr);
    if (!instance) instance = std::exchange(prepared_, nullptr);
    if (!instance) {
        done({});
        return;
    }
    previous_ = instance;
    let_go(std::move(instance), kill, [this, done](const Result<void>&) {
        previous_ = nullptr;
        done({});
    });
}

void Slot::let_go(std::shared_ptr<Instance> instance, bool kill, Done done) {
    instance->on_ready = nullptr;
    instance->on_gone = [done] { done({}); };
    if (kill) {
        instance->kill("asked to");
    } else {
        instance->leave(rules_.leave_limit);
    }
}

std::vector<std::shared_ptr<Instance>> Slot::instances() const {
    std::vector<std::shared_ptr<Instance>> all;
    for (const auto& instance : {current_, prepared_, previous_}) {
        if (instance) all.push_back(instance);
    }
    return all;
}

void Slot::stop_all(Done done) {
    restart_.cancel();
    auto all = std::make_shared<std::vector<std::shared_ptr<Instance>>>(instances());
    current_ = prepared_ = previous_ = nullptr;
    if (all->empty()) {
        done({});
        return;
    }
    const auto missing = std::make_shared<std::size_t>(all->size());
    stopping_ = *all;
    for (const auto& instance : *all) {
        instance->on_ready = nullptr;
        instance->on_gone = [missing, done] {
            if (--*missing == 0) done({});
        };
        instance->leave(rules_.leave_limit);
    }
}

void Slot::kill_all() {
    for (const auto& instance : stopping_) instance->kill("asked to, again");
}

void Slot::current_died() {
    const auto dead = std::exchange(current_, nullptr);
    if (dead->age() > kHealthyAge) failures_ = 0;
    restart(dead->version());
}

void Slot::keep_trying(const std::string& version) {
    if (!current_ && !prepared_) restart(version);
}

void Slot::restart(const std::string& version) {
    const Nanos pause = pause_after(failures_++);
    ++restarts_;
    logger_.log(LogLevel::kWarn, "instance will be started again",
                {{"version", version},
                 {"after_ms", std::chrono::duration_cast<std::chrono::milliseconds>(pause).count()}});
    restart_.expires_after(pause);
    restart_.async_wait([this, version](const boost::system::error_code& error) {
        if (error) return;
        launch(version, [this, version](const Result<void>& started) {
            if (!started) return restart(version);
            promote();
        });
    });
}

}  // namespace loadgen::services::supervisor::detail
