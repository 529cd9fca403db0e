// What the operator decides for a process of services. One table of options fills it (options.cpp).
#pragma once

#include <cstdint>
#include <string>

#include "common/base/time.hpp"

namespace loadgen::services::runtime {

/// How a published event hangs together with the request that caused it.
enum class PublishTrace : std::uint8_t {
    kParent,  ///< the publish span is a child of the request's span: one trace inside a service
    kLink,    ///< the outbox's run is a trace of its own; each publish span links to its request
};

struct Settings {
    std::string data;                 ///< folder of databases, bus, secret and endpoints
    std::string environment = "dev";  ///< ends queue names, begins event sources
    std::string version = "1.0.0";    ///< told in X-Service-Version and service.version
    std::string instance;             ///< service.instance.id; made at start when empty

    /// Stretches every wait that the set's rules name (batch windows, workflow waits and timeouts, simulated
    /// delays); 0 makes them instant. Not retries, leases and network timeouts.
    double time_scale = 1.0;
    Nanos visibility_timeout = std::chrono::seconds(30);  ///< of queues that name none

    std::string otlp_url;      ///< empty: no telemetry leaves
    double trace_ratio = 1.0;  ///< of traces that begin here
    PublishTrace publish_trace = PublishTrace::kParent;

    bool rate_limits = false;
    bool require_premium = false;   ///< pricing.require_premium
    bool pricing_chaos = true;      ///< chaos.pricing.enabled: prices that are slow or fail
    bool seed_demo = true;          ///< catalogue, retailers, promotions, the first administrator
    std::uint64_t random_seed = 0;  ///< 0: from the system. Stock levels and the like
    bool fast_passwords = false;    ///< the `load` profile of password hashing

    /// `wait` as the rules name it, stretched.
    Nanos scaled(Nanos wait) const {
        return Nanos(static_cast<std::int64_t>(static_cast<double>(wait.count()) * time_scale));
    }
};

}  // namespace loadgen::services::runtime
