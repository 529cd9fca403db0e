#include "services/ninja/notification/http/routes.hpp"

#include "common/telemetry/logger.hpp"
#include "services/ninja/notification/store/notifications.hpp"
#include "services/ninja/shared/http/requests.hpp"

namespace loadgen::services::ninja::notification {
namespace {

constexpr int kOk = 200;
constexpr std::int64_t kNanosPerMilli = 1'000'000;

void write_progress(text::JsonWriter& out, const Progress& progress) {
    out.begin_object().key("notification_id").string(progress.notification.id);
    out.key("order_id").string(progress.notification.order_id);
    out.key("subject").string(progress.notification.subject);
    out.key("message").string(progress.notification.message);
    out.key("attempts").integer(progress.attempts).key("sent_at");
    if (progress.sent_ms) {
        std::string time;
        telemetry::append_rfc3339(time, WallTime{*progress.sent_ms * kNanosPerMilli});
        out.string(time);
    } else {
        out.null();
    }
    out.end_object();
}

void list(const platform::CallPtr& call, store::Statements& reader) {
    const auto id = id_from_path(*call, "order_id");
    if (!id) return;
    const auto all = list_of_order(reader, *id);
    if (!all) return call->answer(runtime::store_failure(*call, all.error()));
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_array();
        for (const Progress& progress : *all) write_progress(out, progress);
        out.end_array();
    }));
}

}  // namespace

void add_routes(platform::Router& router, runtime::RouteTools& tools) {
    router.add("GET", "/api/notifications/{order_id}",
               [&reader = tools.reader](const platform::CallPtr& call) { list(call, reader); });
}

}  // namespace loadgen::services::ninja::notification
