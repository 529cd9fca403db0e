// The answer to a request that failed, in the words of its service (answers.hpp has the shapes).
#pragma once

#include <string_view>

#include "services/platform/call.hpp"
#include "services/platform/problem.hpp"

namespace loadgen::services::platform {

/// An answer with the error body of the call's service; the message also goes to the log line of `call`.
http::Response error_response(Call& call, const Failure& failure);
http::Response error_response(Call& call, int status, std::string_view message);

}  // namespace loadgen::services::platform
