#include "services/orders/http/health.hpp"

namespace loadgen::services::orders {
namespace {

using platform::CallPtr;

constexpr int kOk = 200;
constexpr int kUnhealthy = 503;

struct Check {
    std::string_view name;
    bool healthy = true;
};

std::string_view word(bool healthy) {
    return healthy ? "Healthy" : "Unhealthy";
}

http::Response health_answer(const runtime::ServiceContext& context, Nanos duration,
                             std::initializer_list<Check> checks) {
    bool healthy = true;
    for (const Check& check : checks) healthy = healthy && check.healthy;
    std::string now;
    telemetry::append_rfc3339(now, context.clock().wall_now());
    http::Response response = platform::json_answer(healthy ? kOk : kUnhealthy, [&](text::JsonWriter& out) {
        out.begin_object().key("status").string(word(healthy)).key("timestamp").string(now);
        out.key("duration").number(std::chrono::duration<double, std::milli>(duration).count());
        out.key("version").string(context.settings().version).key("checks").begin_array();
        for (const Check& check : checks) {
            out.begin_object().key("name").string(check.name);
            out.key("status").string(word(check.healthy)).end_object();
        }
        out.end_array().end_object();
    });
    response.headers.push_back({"cache-control", "no-store"});
    return response;
}

void answer_ready(const CallPtr& call, const runtime::ServiceContext& context, store::Statements& reader) {
    const Instant begin = context.clock().now();
    const auto read = reader.run("SELECT 1");
    call->answer(health_answer(context, context.clock().now() - begin,
                               {{"store", read.has_value()}, {"accepting", !context.draining()}}));
}

}  // namespace

void add_health_routes(platform::Router& router, const runtime::ServiceContext& context,
                       store::Statements& reader) {
    const auto ready = [&context, &reader](const CallPtr& call) { answer_ready(call, context, reader); };
    router.add("GET", "/health", ready);
    router.add("GET", "/health/ready", ready);
    router.add("GET", "/health/live",
               [&context](const CallPtr& call) { call->answer(health_answer(context, Nanos{0}, {})); });
}

}  // namespace loadgen::services::orders
