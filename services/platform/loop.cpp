#include "services/platform/loop.hpp"

#include <boost/asio/post.hpp>

#include "services/platform/detail/native_loop.hpp"

namespace loadgen::services::platform {

Loop::Loop(const Clock& clock) : clock_(clock), now_(clock.now()), native_(std::make_unique<Native>()) {}

Loop::~Loop() = default;

void Loop::run() {
    native_->context.run();
}

void Loop::stop() {
    native_->context.stop();
}

void Loop::finish() {
    native_->context.restart();
    native_->context.poll();
}

void Loop::post(std::function<void()> task) {
    boost::asio::post(native_->context, [this, work = std::move(task)] {
        refresh();
        work();
    });
}

}  // namespace loadgen::services::platform
