// The answer to a request that failed, the same from every route: {"message":...,"requestId":...}.
#pragma once

#include <string_view>

#include "services/platform/call.hpp"

namespace loadgen::services::platform {

/// An answer with the JSON error body; `message` also goes to the log line of `call`.
http::Response error_response(Call& call, int status, std::string_view message);

}  // namespace loadgen::services::platform
