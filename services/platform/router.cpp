#include "services/platform/router.hpp"

#include <algorithm>
#include <utility>

#include "common/base/encoding.hpp"

namespace loadgen::services::platform {
namespace {

/// "/a/b" is {"a", "b"}; "/" is {""}; "/a/" is {"a", ""}. False for a path that does not start with '/'.
bool split_path(std::string_view path, std::vector<std::string_view>& segments) {
    if (!path.starts_with('/')) return false;
    path.remove_prefix(1);
    for (;;) {
        const auto slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
    }
}

template <typename Methods>
const Handler* find_method(const Methods& methods, std::string_view method) {
    for (const auto& [name, handler] : methods) {
        if (name == method) return &handler;
    }
    return nullptr;
}

template <typename Methods>
std::string allow_field(const Methods& methods) {
    std::string allow;
    for (const auto& [name, handler] : methods) {
        if (!allow.empty()) allow += ", ";
        allow += name;
        if (name == "GET") allow += ", HEAD";
    }
    return allow;
}

}  // namespace

Result<std::string> percent_decode(std::string_view text) {
    auto decoded = loadgen::percent_decode(text);
    if (!decoded) return Error{ErrorCode::kSyntax, "'%' must be followed by two hex digits"};
    return std::move(*decoded);
}

void Router::add(std::string_view method, std::string_view pattern, Handler handler) {
    Route route;
    route.pattern = pattern;
    std::vector<std::string_view> parts;
    split_path(pattern, parts);
    for (const std::string_view part : parts) {
        const bool is_name = part.starts_with('{') && part.ends_with('}');
        route.segments.push_back({std::string(is_name ? part.substr(1, part.size() - 2) : part), is_name});
        route.names += is_name ? 1 : 0;
    }
    const auto same = [&route](const Route& other) {
        return std::equal(
            route.segments.begin(), route.segments.end(), other.segments.begin(), other.segments.end(),
            [](const Segment& a, const Segment& b) { return a.is_name == b.is_name && a.text == b.text; });
    };
    auto place = std::find_if(routes_.begin(), routes_.end(), same);
    if (place == routes_.end()) {
        place = std::find_if(routes_.begin(), routes_.end(),
                             [&route](const Route& other) { return other.names > route.names; });
        place = routes_.insert(place, std::move(route));
    }
    place->methods.emplace_back(method, std::move(handler));
}

bool Router::decode(std::string_view path) {
    path_.clear();
    decoded_.clear();
    if (!split_path(path, path_) || path.find('%') == std::string_view::npos) return true;
    decoded_.reserve(path_.size());  // none may move: path_ points at them
    for (std::string_view& segment : path_) {
        auto decoded = percent_decode(segment);
        if (!decoded) return false;
        segment = decoded_.emplace_back(std::move(*decoded));
    }
    return true;
}

Router::Match Router::find(Call& call) {
    if (!decode(call.path())) return {Outcome::kBadEncoding, nullptr, {}};
    const Route* route = best_route();
    if (route == nullptr) return {};
    call.set_route(route->pattern);
    const std::string& method = call.request().method;
    const Handler* handler = find_method(route->methods, method);
    if (handler == nullptr && method == "HEAD") handler = find_method(route->methods, "GET");
    if (handler == nullptr) return {Outcome::kNoSuchMethod, nullptr, allow_field(route->methods)};
    for (std::size_t i = 0; i < path_.size(); ++i) {
        const Segment& segment = route->segments[i];
        if (segment.is_name) call.add_parameter(segment.text, std::string(path_[i]));
    }
    return {Outcome::kFound, handler, {}};
}

const Router::Route* Router::best_route() const {
    for (const Route& route : routes_) {
        const bool matches =
            std::equal(path_.begin(), path_.end(), route.segments.begin(), route.segments.end(),
                       [](std::string_view actual, const Segment& segment) {
                           return segment.is_name ? !actual.empty() : actual == segment.text;
                       });
        if (matches) return &route;
    }
    return nullptr;
}

}  // namespace loadgen::services::platform
