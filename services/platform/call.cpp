#include "services/platform/call.hpp"

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

}  // namespace

Call::Call(Loop& loop, CallOwner& owner, http::Request&& request)
    : loop_(loop), owner_(&owner), request_(std::move(request)), started_(loop.now()) {
    const std::string_view target = without_authority(request_.target);
    path_ = target.substr(0, target.find('?'));
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
    if (owner != nullptr) owner->send(*this, std::move(response));
}

}  // namespace loadgen::services::platform
