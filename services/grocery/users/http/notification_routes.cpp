#include <charconv>

#include "services/grocery/shared/http/callers.hpp"
#include "services/grocery/users/http/routes.hpp"
#include "services/grocery/users/store/notifications.hpp"
#include "services/platform/query.hpp"
#include "services/platform/sse.hpp"

namespace loadgen::services::grocery::users {
namespace {

using platform::CallPtr;

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr std::int64_t kMaxLimit = 100;
constexpr std::int64_t kDefaultLimit = 20;
constexpr std::int64_t kStreamedAtOnce = 200;

/// The handlers of one worker.
class News {
  public:
    explicit News(store::Statements& reader) : reader_(reader), feeds_(std::make_shared<Feeds>(reader)) {}

    void list(const CallPtr& call);
    void stream(const CallPtr& call);

  private:
    store::Statements& reader_;
    const std::shared_ptr<Feeds> feeds_;
};

void News::list(const CallPtr& call) {
    const auto user_id = require_own(*call);
    if (!user_id) return;
    platform::QueryReader query(*call);
    const std::int64_t since = query.integer_or("since", 0, {.min = 0});
    const std::int64_t limit = query.integer_or("limit", kDefaultLimit, {.min = 1, .max = kMaxLimit});
    if (!query.ok()) return call->answer(query.refusal());
    const auto notifications = list_notifications(reader_, *user_id, since, limit);
    if (!notifications) return call->answer(runtime::store_failure(*call, notifications.error()));
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("items").begin_array();
        for (const Notification& notification : *notifications) out.raw(notification_json(notification));
        out.end_array();
        out.key("next").integer(notifications->empty() ? since : notifications->back().at_ms).end_object();
    }));
}

/// Reads what is behind a place; a batch that is full is followed by the rest at the next look, so read on at
/// once.
Result<FeedBatch> read_news(store::Statements& reader, const std::string& user_id, std::int64_t after) {
    FeedBatch batch;
    while (true) {
        const auto page = list_notifications(reader, user_id, after, kStreamedAtOnce);
        if (!page) return page.error();
        for (const Notification& notification : *page)
            batch.events.push_back({notification.at_ms, "notification", notification_json(notification)});
        if (static_cast<std::int64_t>(page->size()) < kStreamedAtOnce) return batch;
        after = page->back().at_ms;
    }
}

void News::stream(const CallPtr& call) {
    const auto user_id = require_own(*call);
    if (!user_id) return;
    std::int64_t after = 0;
    if (const auto last = platform::last_event_id(call->request())) {
        const auto [end, error] = std::from_chars(last->data(), last->data() + last->size(), after);
        if (error != std::errc() || end != last->data() + last->size() || after < 0)
            return call->answer(
                platform::error_response(*call, kBadRequest, "Last-Event-ID is not one of this stream"));
    } else {
        const auto newest = newest_notification(reader_, *user_id);
        if (!newest) return call->answer(runtime::store_failure(*call, newest.error()));
        after = *newest;
    }
    feeds_->stream(call, after, [&reader = reader_, user_id = *user_id](std::int64_t place) {
        return read_news(reader, user_id, place);
    });
}

}  // namespace

void add_notification_routes(platform::Router& router, runtime::RouteTools& tools) {
    const auto news = std::make_shared<News>(tools.reader);
    router.add("GET", "/users/{user_id}/notifications", [news](const CallPtr& call) { news->list(call); });
    router.add("GET", "/users/{user_id}/notifications/stream",
               [news](const CallPtr& call) { news->stream(call); });
}

}  // namespace loadgen::services::grocery::users
