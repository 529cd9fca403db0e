#include <charconv>

#include "services/grocery/lists/http/access.hpp"
#include "services/grocery/lists/http/routes.hpp"
#include "services/grocery/shared/http/callers.hpp"
#include "services/platform/query.hpp"
#include "services/platform/sse.hpp"

namespace loadgen::services::grocery::lists {
namespace {

using platform::CallPtr;

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr std::int64_t kChangesAtOnce = 500;
constexpr std::int64_t kMaxWaitSeconds = 30;

/// What happened to a list since a version.
struct News {
    std::int64_t version = 0;  ///< where to go on from
    std::vector<Change> changes;
    bool reset = false;  ///< some of them are forgotten: load the list again
};

/// Changes are kept for a week, and a list may have been deleted and made anew.
Result<News> news_since(store::Statements& reader, const List& list, std::int64_t since) {
    if (since == list.version) return News{list.version, {}, false};
    auto changes = list_changes(reader, list.list_id, since, kChangesAtOnce);
    if (!changes) return std::move(changes).error();
    const bool gap = since > list.version || changes->empty() || changes->front().version != since + 1;
    if (gap) return News{list.version, {}, true};
    const std::int64_t version = changes->back().version;
    return News{version, std::move(*changes), false};
}

http::Response news_answer(const News& news) {
    return platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("version").integer(news.version).key("changes").begin_array();
        for (const Change& change : news.changes) out.raw(change.body);
        out.end_array();
        if (news.reset) out.key("reset").boolean(true);
        out.end_object();
    });
}

/// The handlers of one worker.
class ChangeFeed {
  public:
    explicit ChangeFeed(store::Statements& reader)
        : reader_(reader), feeds_(std::make_shared<Feeds>(reader)) {}

    void poll(const CallPtr& call);
    void stream(const CallPtr& call);

  private:
    store::Statements& reader_;
    const std::shared_ptr<Feeds> feeds_;
};

/// Answers when there is news, when there must be an answer, or when the caller may not read any more.
bool answer_poll(store::Statements& reader, const CallPtr& call, const std::string& user_id,
                 std::int64_t since, bool last) {
    const auto access = require_list(*call, reader, user_id);
    if (!access) return true;
    const auto news = news_since(reader, access->list, since);
    if (!news) {
        call->answer(runtime::store_failure(*call, news.error()));
        return true;
    }
    if (news->changes.empty() && !news->reset && !last) return false;
    call->answer(news_answer(*news));
    return true;
}

void ChangeFeed::poll(const CallPtr& call) {
    const auto user_id = require_caller(*call);
    if (!user_id) return;
    platform::QueryReader query(*call);
    const std::int64_t since = query.integer_or("since", 0, {.min = 0});
    const std::int64_t wait = query.integer_or("wait", 0, {.min = 0, .max = kMaxWaitSeconds});
    if (!query.ok()) return call->answer(query.refusal());
    feeds_->poll(call, std::chrono::seconds(wait),
                 [&reader = reader_, call, user_id = *user_id, since](bool last) {
                     return answer_poll(reader, call, user_id, since, last);
                 });
}

/// One look of an open stream. A caller who may not read any more is told so, and the stream ends.
Result<FeedBatch> read_changes(store::Statements& reader, const std::string& list_id,
                               const std::string& user_id, std::int64_t after) {
    FeedBatch batch;
    while (true) {
        const auto opened = open_list(reader, list_id, user_id);
        if (const auto* denied = std::get_if<Denied>(&opened)) {
            if (!denied->refusal) return denied->error;
            std::string data;
            text::JsonWriter(data)
                .begin_object()
                .key("message")
                .string(denied->refusal->message)
                .end_object();
            batch.events.push_back({after, "closed", std::move(data)});
            batch.over = true;
            return batch;
        }
        auto news = news_since(reader, std::get_if<Access>(&opened)->list, after);
        if (!news) return std::move(news).error();
        if (news->reset) {
            std::string data;
            text::JsonWriter(data).begin_object().key("version").integer(news->version).end_object();
            batch.events.push_back({news->version, "reset", std::move(data)});
        }
        for (Change& change : news->changes)
            batch.events.push_back({change.version, std::move(change.type), std::move(change.body)});
        after = news->version;
        if (static_cast<std::int64_t>(news->changes.size()) < kChangesAtOnce) return batch;
    }
}

void ChangeFeed::stream(const CallPtr& call) {
    const auto user_id = require_caller(*call);
    if (!user_id) return;
    platform::QueryReader query(*call);
    // For browsers, whose first request cannot carry Last-Event-ID.
    const auto since = query.integer("since", {.min = 0});
    if (!query.ok()) return call->answer(query.refusal());
    const auto access = require_list(*call, reader_, *user_id);
    if (!access) return;
    std::int64_t after = since.value_or(access->list.version);
    if (const auto last = platform::last_event_id(call->request())) {
        const auto [end, error] = std::from_chars(last->data(), last->data() + last->size(), after);
        if (error != std::errc() || end != last->data() + last->size() || after < 0)
            return call->answer(
                platform::error_response(*call, kBadRequest, "Last-Event-ID is not one of this stream"));
    }
    feeds_->stream(call, after,
                   [&reader = reader_, list_id = access->list.list_id, user_id = *user_id](
                       std::int64_t place) { return read_changes(reader, list_id, user_id, place); });
}

}  // namespace

void add_change_routes(platform::Router& router, runtime::RouteTools& tools) {
    const auto feed = std::make_shared<ChangeFeed>(tools.reader);
    router.add("GET", "/lists/{list_id}/changes", [feed](const CallPtr& call) { feed->poll(call); });
    router.add("GET", "/lists/{list_id}/stream", [feed](const CallPtr& call) { feed->stream(call); });
}

}  // namespace loadgen::services::grocery::lists
