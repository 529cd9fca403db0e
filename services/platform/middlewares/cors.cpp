#include "services/platform/middlewares/cors.hpp"

#include "services/platform/answers.hpp"

namespace loadgen::services::platform {
namespace {

constexpr int kNoContent = 204;

}  // namespace

std::optional<http::Response> Cors::on_request(Call& call) {
    const http::Request& request = call.request();
    if (request.method != "OPTIONS" ||
        http::find_header(request.headers, "access-control-request-method") == nullptr) {
        return std::nullopt;
    }
    http::Response response = empty_answer(kNoContent);
    response.headers.push_back({"access-control-allow-methods", options_.methods});
    response.headers.push_back({"access-control-allow-headers", options_.headers});
    response.headers.push_back({"access-control-max-age", std::to_string(options_.max_age_seconds)});
    return response;
}

void Cors::on_response(Call& /*call*/, http::Response& response) {
    response.headers.push_back({"access-control-allow-origin", "*"});
    if (!options_.exposed.empty()) {
        response.headers.push_back({"access-control-expose-headers", options_.exposed});
    }
}

}  // namespace loadgen::services::platform
