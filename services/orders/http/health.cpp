#include "services/orders/http/health.hpp"

namespace loadgen::services::orders {
namespace {

constexpr int kOk = 200;
constexpr int kUnhealthy = 503;

}  // namespace

void answer_health(const platform::CallPtr& call, const runtime::ServiceContext& context,
                   store::Statements& reader) {
    const Instant begin = context.clock().now();
    const auto read = reader.run("SELECT 1");
    const std::string_view status = read ? "Healthy" : "Unhealthy";
    const double duration_ms =
        std::chrono::duration<double, std::milli>(context.clock().now() - begin).count();
    std::string now;
    telemetry::append_rfc3339(now, context.clock().wall_now());
    call->answer(platform::json_answer(read ? kOk : kUnhealthy, [&](text::JsonWriter& out) {
        out.begin_object().key("status").string(status).key("timestamp").string(now);
        out.key("duration").number(duration_ms).key("version").string(context.settings().version);
        out.key("checks").begin_array().begin_object().key("name").string("store");
        out.key("status").string(status).end_object().end_array().end_object();
    }));
}

}  // namespace loadgen::services::orders
