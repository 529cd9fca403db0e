#include "services/platform/middlewares/body_limit.hpp"

#include <string>

#include "services/platform/error_body.hpp"

namespace loadgen::services::platform {

std::optional<http::Response> BodyLimit::on_request(Call& call) {
    if (call.request().body.size() <= max_bytes_) return std::nullopt;
    return error_response(call, 413, "the body may have at most " + std::to_string(max_bytes_) + " bytes");
}

}  // namespace loadgen::services::platform
