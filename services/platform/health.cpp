#include "services/platform/health.hpp"

namespace loadgen::services::platform {
namespace {

http::Response status_response(int status, std::string_view word) {
    http::Response response;
    response.status = status;
    response.headers.push_back({"content-type", "application/json"});
    response.headers.push_back({"cache-control", "no-store"});
    response.body = "{\"status\":\"" + std::string(word) + "\"}";
    return response;
}

}  // namespace

void add_health_routes(Router& router, std::function<bool()> draining) {
    router.add("GET", "/health/live", [](const CallPtr& call) { call->answer(status_response(200, "ok")); });
    router.add("GET", "/health/ready", [draining = std::move(draining)](const CallPtr& call) {
        call->answer(draining() ? status_response(503, "draining") : status_response(200, "ok"));
    });
}

}  // namespace loadgen::services::platform
