#include "services/grocery/elastic/http/routes.hpp"
#include "services/grocery/elastic/store/promotions.hpp"
#include "services/grocery/shared/domain/promotion_json.hpp"
#include "services/grocery/shared/http/callers.hpp"
#include "services/platform/query.hpp"

namespace loadgen::services::grocery::elastic {
namespace {

using platform::CallPtr;

constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr std::int64_t kMaxFrom = 100'000;
constexpr std::int64_t kMaxSize = 100;
constexpr std::int64_t kDefaultSize = 20;
constexpr std::size_t kMaxIds = 100;

/// The handlers of one worker.
class Shop {
  public:
    Shop(runtime::ServiceContext& context, store::Statements& reader, ItemEvents& events)
        : context_(context), reader_(reader), events_(events) {}

    void retailers(const CallPtr& call);
    void promotions(const CallPtr& call);
    void promotion(const CallPtr& call);

  private:
    Day today() const { return day_of(context_.clock().wall_now()); }

    runtime::ServiceContext& context_;
    store::Statements& reader_;
    ItemEvents& events_;
};

Order order_named(std::string_view name) {
    if (name == "discount") return Order::kDiscount;
    if (name == "endDate") return Order::kEndDate;
    if (name == "price") return Order::kPrice;
    return Order::kRelevance;
}

void Shop::retailers(const CallPtr& call) {
    const auto retailers = list_retailers(reader_, today());
    if (!retailers) return call->answer(runtime::store_failure(*call, retailers.error()));
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("retailers").begin_array();
        for (const Retailer& retailer : *retailers) {
            out.begin_object()
                .key("retailerId")
                .string(retailer.retailer_id)
                .key("name")
                .string(retailer.name);
            out.key("logoUrl").string(retailer.logo_url);
            out.key("activePromotions").integer(retailer.active_promotions).end_object();
        }
        out.end_array().end_object();
    }));
}

void Shop::promotions(const CallPtr& call) {
    platform::QueryReader query(*call);
    Browse wanted;
    wanted.retailer_id = query.text("retailer", {.max = 64}).value_or(std::string());
    wanted.category = query.text("category", {.max = 100}).value_or(std::string());
    wanted.promotion_ids = query.texts("id", {.max = kMaxIds}, {.max = 200});
    // Who asks for offers by name wants them whether or not they are valid today.
    if (wanted.promotion_ids.empty()) wanted.on = today();
    if (const auto on = query.text("onDate")) {
        wanted.on = parse_day(*on);
        if (!wanted.on) query.refuse("onDate", "must be a calendar date in the format yyyy-mm-dd");
    }
    wanted.order = order_named(query.choice("sort", {"relevance", "discount", "endDate", "price"}));
    wanted.from = query.integer_or("from", 0, {.min = 0, .max = kMaxFrom});
    wanted.size = query.integer_or("size", kDefaultSize, {.min = 1, .max = kMaxSize});
    if (!query.ok()) return call->answer(query.refusal());
    const auto page = browse(reader_, wanted);
    if (!page) return call->answer(runtime::store_failure(*call, page.error()));
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("total").integer(page->total).key("from").integer(wanted.from);
        out.key("size").integer(wanted.size).key("items").begin_array();
        for (const Promotion& promotion : page->items) {
            out.begin_object();
            write_promotion(out, promotion);
            out.end_object();
        }
        out.end_array().end_object();
    }));
}

void Shop::promotion(const CallPtr& call) {
    const std::string_view id = call->parameter("promotion_id");
    call->span.set("grocery.promotion.id", id);
    const auto promotion = find_promotion(reader_, id);
    if (!promotion) return call->answer(runtime::store_failure(*call, promotion.error()));
    if (!*promotion) return call->answer(platform::error_response(*call, kNotFound, "promotion not found"));
    events_.add({.action = std::string(ItemEvent::kViewed),
                 .user_id = caller_if_known(*call),
                 .promotion_id = (*promotion)->promotion_id,
                 .retailer_id = (*promotion)->retailer_id});
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object();
        write_promotion(out, **promotion);
        out.end_object();
    }));
}

}  // namespace

void add_browse_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools,
                       ItemEvents& events) {
    const auto shop = std::make_shared<Shop>(context, tools.reader, events);
    router.add("GET", "/retailers", [shop](const CallPtr& call) { shop->retailers(call); });
    router.add("GET", "/promotions", [shop](const CallPtr& call) { shop->promotions(call); });
    router.add("GET", "/promotions/{promotion_id}", [shop](const CallPtr& call) { shop->promotion(call); });
}

}  // namespace loadgen::services::grocery::elastic
