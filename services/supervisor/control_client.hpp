// Asks a running supervisor.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "services/supervisor/protocol.hpp"

namespace loadgen::services::supervisor {

/// Sends the request and calls `line` with each line of the answer, without its end, until the supervisor
/// closes. Waits as long as that takes. kNotFound when none runs on the folder; the error that the supervisor
/// answered with, as kUsage; kIo when it left in the middle.
Result<void> ask_supervisor(const std::string& data, const Request& request,
                            const std::function<void(std::string_view line)>& line);

}  // namespace loadgen::services::supervisor
