// The lines that the supervisor answers with (docs/deploys.md).
#pragma once

#include <string>

#include "services/supervisor/detail/fleet.hpp"

namespace loadgen::services::supervisor::detail {

std::string status_line(Fleet& fleet, const std::string& data, Nanos age);
std::string phase_line(const Phase& phase);
std::string deployed_line(const DeployRequest& request, const DeployOutcome& outcome);
std::string event_line(std::string_view event);
std::string stopped_line(Nanos took);

}  // namespace loadgen::services::supervisor::detail
