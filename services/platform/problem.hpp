// What was wrong with a request, before a service words it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace loadgen::services::platform {

/// One member of the body, or one parameter, and what it must be: {"price", "must be a number above 0"}.
struct Problem {
    std::string field;    ///< "items[2].name" for members inside; empty for the whole
    std::string message;  ///< reads on from the field's name
    friend bool operator==(const Problem&, const Problem&) = default;
};
using Problems = std::vector<Problem>;

/// "price must be a number; name is required".
std::string join_problems(const Problems& problems);

/// A failed request. Views must live until the answer is made.
struct Failure {
    int status = 500;
    std::string_view message = {};       ///< for the client, and the log line of the call
    std::string_view code = {};          ///< where the shape has one ("INVALID_STATE"); else from the status
    const Problems* problems = nullptr;  ///< where the request failed validation
    std::string_view data = {};   ///< JSON text for the shape's "data"; empty for the shape's own default
    int retry_after_seconds = 0;  ///< above 0: sent as Retry-After
};

}  // namespace loadgen::services::platform
