// One service as a process: its logs, its server, its life from the ready line to the last answer.
#pragma once

#include "services/platform/service_options.hpp"

namespace loadgen::services::platform {

/// What a service brings along.
struct ServiceParts {
    std::string_view name;
    /// Adds the routes of one worker. Called once a thread, before any traffic.
    std::function<Result<void>(Router& router)> add_routes;
    /// Closes stores and whatever else may still answer calls. Called when no new work can come any more.
    std::function<void()> close;
};

/// Serves until SIGTERM or SIGINT, then drains. When it listens and signals are handled it prints one line on
/// stdout:
/// {"service":"birthday","url":"http://127.0.0.1:8080","host":"127.0.0.1","port":8080,"pid":4711}.
Result<void> run_service(const ServiceOptions& options, const ServiceParts& parts);

}  // namespace loadgen::services::platform
