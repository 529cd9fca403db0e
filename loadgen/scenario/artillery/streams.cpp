#include "loadgen/scenario/artillery/streams.hpp"

#include <algorithm>
#include <compare>
#include <functional>
#include <string>
#include <vector>

#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/shape.hpp"

namespace loadgen::scenario::artillery {
namespace {

/// What a user does at one time. A stream has a connection to itself for as long as it is open (over
/// HTTP/1.1); requests, which end by themselves, take turns on one.
struct AtOnce {
    std::size_t streams = 0;
    bool requests = false;  ///< beside the streams, if there are any

    std::size_t connections() const { return streams + (requests ? 1 : 0); }
    auto operator<=>(const AtOnce&) const = default;
};

AtOnce of_steps(const Spot& list);

/// All branches run at once, or `limit` of them: then those that need most count.
AtOnce of_parallel(const Spot& body, const Spot& limit) {
    std::vector<AtOnce> branches;
    for (std::size_t i = 0; body->is_list() && i < body->items.size(); ++i)
        branches.push_back(of_steps(body.item(i)));
    std::sort(branches.begin(), branches.end(), std::greater<>());
    if (const auto most = limit ? whole_of(*limit) : std::nullopt; most && *most < branches.size())
        branches.resize(static_cast<std::size_t>(std::max<std::uint64_t>(*most, 1)));
    AtOnce sum;
    for (const AtOnce& branch : branches) {
        sum.streams += branch.streams;
        sum.requests = sum.requests || branch.requests;
    }
    return sum;
}

AtOnce of_step(const Spot& step) {
    const StepAction action = action_of(step);
    if (action.kind == nullptr) return {};
    if (action.kind->request) return {0, true};
    if (action.action == "sse") return {1, false};
    if (action.action == "loop") return of_steps(action.value);
    if (action.action == "parallel") return of_parallel(action.value, step.member("limit"));
    return {};
}

/// Of a list, one step after the other; or of a single step.
AtOnce of_steps(const Spot& list) {
    if (list->is_map()) return of_step(list);
    AtOnce most;
    for (std::size_t i = 0; list->is_list() && i < list->items.size(); ++i)
        most = std::max(most, of_steps(list.item(i)));
    return most;
}

std::string warning_of(const AtOnce& needed, const Spot& limit, std::uint64_t given, bool shared) {
    return (needed.connections() == 1
                ? std::string("an event stream keeps its connection, so each user needs one to itself, and ")
                : "event streams keep their connections, so each user needs " +
                      std::to_string(needed.connections()) + " at once, and ") +
           limit.path + (shared ? " lets all users share " : " allows ") + std::to_string(given) +
           ": over HTTP/1.1 what finds none waits until a stream ends";
}

/// Of branches that send requests: how many run at once.
std::size_t branches_with_requests(const Spot& body, const Spot& limit) {
    std::size_t count = 0;
    for (std::size_t i = 0; body->is_list() && i < body->items.size(); ++i)
        if (of_steps(body.item(i)).requests) ++count;
    const auto most = limit ? whole_of(*limit) : std::nullopt;
    return most ? std::min<std::size_t>(count, *most) : count;
}

/// Nobody expects steps that run at the same time to wait for each other.
void note_turns(Compilation& compilation, const Spot& step, const Spot& body) {
    const Spot http = compilation.config().member("http");
    const std::size_t count = branches_with_requests(body, step.member("limit"));
    if (count < 2 || http.member("pool") || http.member("maxSockets")) return;
    compilation.findings.warning(
        body.key_place, body.path,
        "over HTTP/1.1 its requests take turns on the one connection that a user has, as in Artillery, and "
        "response times include the wait; config.http.maxSockets: " +
            std::to_string(count) + " lets them run at the same time");
}

}  // namespace

void note_streams(Compilation& compilation, const Spot& flow) {
    for (std::size_t i = 0; flow && flow->is_list() && i < flow->items.size(); ++i) {
        const Spot step = flow.item(i);
        const StepAction action = step->is_map() ? action_of(step) : StepAction{};
        if (step->is_list() || action.action == "loop") {
            note_streams(compilation, step->is_list() ? step : action.value);
            continue;
        }
        if (action.action == "parallel") note_turns(compilation, step, action.value);
        const AtOnce needed = of_steps(step);
        if (needed.streams == 0) continue;
        if (action.action == "parallel")
            compilation.streams_at_once = std::max(compilation.streams_at_once, needed.streams);
        const Spot http = compilation.config().member("http");
        const Spot pool = http.member("pool");
        const Spot limit = pool ? pool : http.member("maxSockets");
        const auto given = limit ? whole_of(*limit) : std::nullopt;
        // How many share a pool, the script does not tell; `before` and `after` have one user.
        const bool shared = pool && flow.path.starts_with("scenarios");
        if (given && (shared || *given < needed.connections()))
            compilation.findings.warning(action.value.key_place, action.value.path,
                                         warning_of(needed, limit, *given, shared));
    }
}

}  // namespace loadgen::scenario::artillery
