// Everything the engine needs to know about one run, compiled and validated: no parsing and no I/O from here
// on.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "loadgen/pacing/load.hpp"
#include "loadgen/plan/connection_policy.hpp"
#include "loadgen/plan/request.hpp"
#include "loadgen/plan/scenario_plan.hpp"

namespace loadgen::plan {

/// Closed model: `concurrency` requests are always in flight; the next is due when one completes.
struct ClosedLoop {
    std::uint64_t concurrency = 1;
    Nanos duration{0};               ///< 0 = no limit
    std::uint64_t max_requests = 0;  ///< 0 = no limit
};

/// What becomes of responses. Bodies are counted always, kept only when asked.
struct CapturePolicy {
    bool results = false;            ///< stream one record a request to the result sink
    std::size_t max_body_bytes = 0;  ///< kept part of each body
    bool headers = false;            ///< keep response headers
};

/// How a thread waits for the next due instant.
enum class Pace : std::uint8_t {
    kSleep,  ///< timer; tens of microseconds late, costs nothing
    kSpin,   ///< polls without sleeping; a few microseconds late, costs the core
};

struct RunPlan {
    std::string name;  ///< the attack's name in results
    std::shared_ptr<RequestSource> requests;
    /// Virtual users instead of `requests`: the load says when they arrive.
    std::shared_ptr<const ScenarioPlan> scenario;
    pacing::Load load;  ///< open model; its schedule is null for a closed loop
    std::optional<ClosedLoop> closed_loop;
    ConnectionPolicy connections;
    CapturePolicy capture;
    int max_redirects = 10;       ///< -1 = do not follow, a 3xx is then a success
    bool sequence_header = true;  ///< send X-Vegeta-Seq, as vegeta does
    bool traceparent = false;     ///< requests without one carry a traceparent, each of a trace of its own
    bool chunked_bodies = false;  ///< send request bodies with Transfer-Encoding: chunked
    std::uint64_t max_in_flight = 0;  ///< explicit cap: due work beyond it waits and is charged; 0 = none
    Nanos drain{0};                   ///< after the last send, wait so long for answers; 0 = the timeout
    Pace pace = Pace::kSleep;
    /// Due instants closer together than this share a wake-up when sleeping: waking costs more than sending,
    /// so above 1 / wake_interval requests per second a thread sends in groups, at most this late.
    Nanos wake_interval{100'000};
    unsigned threads = 0;  ///< 0 = one per available core
};

}  // namespace loadgen::plan
