#include "services/platform/call.hpp"

#include "services/platform/detail/connection_stream.hpp"

namespace loadgen::services::platform {
namespace {

/// A client that takes us for a proxy sends an absolute URL (RFC 9112 section 3.2.2): its path is what
/// counts.
std::string_view without_authority(std::string_view target) {
    if (target.starts_with('/')) return target;
    const auto scheme_end = target.find("://");
    if (scheme_end == std::string_view::npos) return target;
    const auto path = target.find_first_of("/?", scheme_end + 3);
    if (path == std::string_view::npos || target[path] == '?') return "/";
    return target.substr(path);
}

/// A stream that nobody hears.
std::shared_ptr<Stream> silent_stream(Loop& loop) {
    return std::make_shared<detail::ConnectionStream>(loop, nullptr, 0);
}

}  // namespace

std::shared_ptr<Stream> CallOwner::open_stream(Call& call, http::Response&& head) {
    send(call, std::move(head));
    return silent_stream(call.loop());
}

void CallOwner::hang_up(Call& call) {
    constexpr int kUnavailable = 503;
    http::Response nobody_hears;
    nobody_hears.status = kUnavailable;
    send(call, std::move(nobody_hears));
}

Call::Call(Loop& loop, CallOwner& owner, http::Request&& request)
    : loop_(loop), owner_(&owner), request_(std::move(request)), started_(loop.now()) {
    const std::string_view target = without_authority(request_.target);
    path_ = target.substr(0, target.find('?'));
    const auto mark = request_.target.find('?');
    if (mark != std::string::npos) query_ = std::string_view(request_.target).substr(mark + 1);
}

std::string_view Call::parameter(std::string_view name) const {
    for (const auto& [known, value] : parameters_) {
        if (known == name) return value;
    }
    return {};
}

void Call::add_parameter(std::string_view name, std::string value) {
    parameters_.emplace_back(name, std::move(value));
}

void Call::answer(http::Response response) {
    CallOwner* owner = std::exchange(owner_, nullptr);
    if (owner == nullptr) return;
    leave_ = nullptr;
    owner->send(*this, std::move(response));
}

void Call::hang_up() {
    CallOwner* owner = std::exchange(owner_, nullptr);
    if (owner == nullptr) return;
    leave_ = nullptr;
    owner->hang_up(*this);
}

std::shared_ptr<Stream> Call::answer_stream(http::Response head) {
    CallOwner* owner = std::exchange(owner_, nullptr);
    if (owner == nullptr) return silent_stream(loop_);
    leave_ = nullptr;
    return owner->open_stream(*this, std::move(head));
}

void Call::on_drain(std::function<void()> leave) {
    if (owner_ == nullptr) return;
    leave_ = std::move(leave);
    if (!owner_->draining()) return;
    // Not from here: the handler that waits has not finished setting up. Who waits may die before its turn.
    loop_.post([waiting = weak_from_this()] {
        if (const auto call = waiting.lock()) call->notify_drain();
    });
}

void Call::notify_drain() {
    const auto leave = std::exchange(leave_, nullptr);
    if (leave != nullptr) leave();
}

}  // namespace loadgen::services::platform
