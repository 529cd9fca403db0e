#include "services/platform/error_body.hpp"

#include "services/platform/answers.hpp"

namespace loadgen::services::platform {

http::Response error_response(Call& call, const Failure& failure) {
    Failure worded = failure;
    std::string joined;
    if (worded.message.empty() && worded.problems != nullptr) {
        joined = join_problems(*worded.problems);
        worded.message = joined;
    }
    call.message = worded.message;
    const ErrorShape shape = call.error_shape() != nullptr ? call.error_shape() : error_shapes::birthday;
    http::Response response = shape(call, worded);
    response.status = worded.status;
    if (worded.retry_after_seconds > 0) {
        response.headers.push_back({"retry-after", std::to_string(worded.retry_after_seconds)});
    }
    return response;
}

http::Response error_response(Call& call, int status, std::string_view message) {
    return error_response(call, Failure{.status = status, .message = message});
}

std::string join_problems(const Problems& problems) {
    std::string text;
    for (const Problem& problem : problems) {
        if (!text.empty()) text += "; ";
        if (!problem.field.empty()) text += problem.field + ' ';
        text += problem.message;
    }
    return text;
}

}  // namespace loadgen::services::platform
