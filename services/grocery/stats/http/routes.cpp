#include "services/grocery/stats/http/routes.hpp"

#include "services/grocery/shared/http/callers.hpp"
#include "services/grocery/stats/store/stats.hpp"
#include "services/platform/auth/guard.hpp"
#include "services/platform/query.hpp"

namespace loadgen::services::grocery::stats {
namespace {

using platform::CallPtr;
using platform::auth::UserType;

constexpr int kOk = 200;
constexpr int kFailed = 500;
constexpr platform::IntegerRule kDays{.min = 1, .max = 365};
constexpr platform::IntegerRule kLimit{.min = 1, .max = 100};
constexpr std::int64_t kDefaultDays = 7;
constexpr std::int64_t kDefaultLimit = 10;

/// The handlers of one worker.
class Desk {
  public:
    Desk(runtime::ServiceContext& context, store::Statements& reader) : context_(context), reader_(reader) {}

    void health(const CallPtr& call);
    void promotions(const CallPtr& call);
    void retailers(const CallPtr& call);
    void terms(const CallPtr& call);
    void user(const CallPtr& call);

  private:
    /// The first of `days` days that end today.
    Day first_of(std::int64_t days) const {
        return day_of(context_.clock().wall_now()) - std::chrono::days(static_cast<int>(days - 1));
    }

    runtime::ServiceContext& context_;
    store::Statements& reader_;
};

/// Answers {"items":[...]} with what `write` makes of each row.
template <typename Rows, typename Write>
void answer_items(const CallPtr& call, const Result<Rows>& rows, Write write) {
    if (!rows) return call->answer(runtime::store_failure(*call, rows.error()));
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("items").begin_array();
        for (const auto& row : *rows) {
            out.begin_object();
            write(out, row);
            out.end_object();
        }
        out.end_array().end_object();
    }));
}

void Desk::health(const CallPtr& call) {
    const auto done = reader_.run("SELECT 1");
    if (!done) {
        call->error = done.error().message;
        return call->answer(platform::error_response(*call, kFailed, "Could not connect."));
    }
    call->answer(platform::json_answer(kOk, std::string(R"({"message":"Connection successful."})")));
}

void Desk::promotions(const CallPtr& call) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    platform::QueryReader query(*call);
    const std::string by = query.choice("by", {kViews, kAdds, kFavourites});
    const std::int64_t days = query.integer_or("days", kDefaultDays, kDays);
    const std::string retailer = query.text("retailer", {.max = 64}).value_or(std::string());
    const std::int64_t limit = query.integer_or("limit", kDefaultLimit, kLimit);
    if (!query.ok()) return call->answer(query.refusal());
    answer_items(
        call,
        top_promotions(reader_,
                       {.metric = by, .since = first_of(days), .retailer_id = retailer, .limit = limit}),
        [](text::JsonWriter& out, const TopPromotion& row) {
            out.key("promotionId").string(row.promotion_id).key("name").string(row.name);
            out.key("retailerId").string(row.retailer_id).key("count").integer(row.count);
        });
}

void Desk::retailers(const CallPtr& call) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    platform::QueryReader query(*call);
    const std::int64_t days = query.integer_or("days", kDefaultDays, kDays);
    if (!query.ok()) return call->answer(query.refusal());
    answer_items(call, retailer_counts(reader_, first_of(days)),
                 [](text::JsonWriter& out, const RetailerCounts& row) {
                     out.key("retailerId").string(row.retailer_id).key("views").integer(row.views);
                     out.key("adds").integer(row.adds).key("checks").integer(row.checks);
                 });
}

void Desk::terms(const CallPtr& call) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    platform::QueryReader query(*call);
    const std::int64_t days = query.integer_or("days", kDefaultDays, kDays);
    const std::int64_t limit = query.integer_or("limit", kDefaultLimit, kLimit);
    if (!query.ok()) return call->answer(query.refusal());
    answer_items(call, search_terms(reader_, first_of(days), limit),
                 [](text::JsonWriter& out, const TermCount& row) {
                     out.key("term")
                         .string(row.term)
                         .key("count")
                         .integer(row.count)
                         .key("zeroHits")
                         .integer(row.zero_hits);
                 });
}

void Desk::user(const CallPtr& call) {
    const auto user_id = require_own(*call);
    if (!user_id) return;
    const auto counts = user_counts(reader_, *user_id);
    if (!counts) return call->answer(runtime::store_failure(*call, counts.error()));
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("lists").integer(counts->lists).key("itemsAdded").integer(counts->items_added);
        out.key("itemsChecked").integer(counts->items_checked);
        out.key("estimatedSavingsCents").integer(counts->savings_cents).end_object();
    }));
}

}  // namespace

void add_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools) {
    const auto desk = std::make_shared<Desk>(context, tools.reader);
    router.add("GET", "/stats/health", [desk](const CallPtr& call) { desk->health(call); });
    router.add("GET", "/stats/promotions/top", [desk](const CallPtr& call) { desk->promotions(call); });
    router.add("GET", "/stats/retailers", [desk](const CallPtr& call) { desk->retailers(call); });
    router.add("GET", "/stats/search-terms", [desk](const CallPtr& call) { desk->terms(call); });
    router.add("GET", "/stats/users/{user_id}", [desk](const CallPtr& call) { desk->user(call); });
}

}  // namespace loadgen::services::grocery::stats
