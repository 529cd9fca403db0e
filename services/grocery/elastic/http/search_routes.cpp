#include "services/grocery/elastic/http/routes.hpp"
#include "services/grocery/elastic/store/search.hpp"
#include "services/grocery/shared/domain/favourite_term.hpp"
#include "services/grocery/shared/domain/promotion_json.hpp"
#include "services/grocery/shared/http/callers.hpp"
#include "services/platform/query.hpp"

namespace loadgen::services::grocery::elastic {
namespace {

using platform::CallPtr;

constexpr int kOk = 200;
constexpr std::int64_t kMaxFrom = 100'000;
constexpr std::int64_t kMaxSize = 100;
constexpr std::int64_t kDefaultSize = 20;
constexpr std::int64_t kOffersPerFavourite = 20;
constexpr std::size_t kMaxFavourites = 50;

/// The handlers of one worker.
class Finder {
  public:
    Finder(runtime::ServiceContext& context, store::Statements& reader, ItemEvents& events)
        : context_(context), reader_(reader), events_(events) {}

    void search_offers(const CallPtr& call);
    void suggest_names(const CallPtr& call);
    void favourites(const CallPtr& call);

  private:
    Day today() const { return day_of(context_.clock().wall_now()); }
    void note_search(const platform::Call& call, const Search& wanted, std::int64_t hits);

    runtime::ServiceContext& context_;
    store::Statements& reader_;
    ItemEvents& events_;
};

void write_facets(text::JsonWriter& out, std::string_view name, const std::vector<Facet>& facets) {
    out.key(name).begin_array();
    for (const Facet& facet : facets)
        out.begin_object().key("key").string(facet.key).key("count").integer(facet.count).end_object();
    out.end_array();
}

http::Response search_answer(const Search& wanted, const SearchPage& page, std::int64_t took_ms) {
    return platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("total").integer(page.total).key("tookMs").integer(took_ms);
        out.key("from").integer(wanted.from).key("size").integer(wanted.size).key("items").begin_array();
        for (const SearchPage::Hit& hit : page.items) {
            out.begin_object();
            write_promotion(out, hit.promotion);
            out.key("score").number(hit.score).end_object();
        }
        out.end_array().key("facets").begin_object();
        write_facets(out, "retailers", page.retailers);
        write_facets(out, "categories", page.categories);
        out.end_object().end_object();
    });
}

void Finder::search_offers(const CallPtr& call) {
    platform::QueryReader query(*call);
    Search wanted;
    wanted.words = query.required_text("q", {.min = 1, .max = 100});
    wanted.retailer_id = query.text("retailer", {.max = 64}).value_or(std::string());
    wanted.category = query.text("category", {.max = 100}).value_or(std::string());
    wanted.batch = query.text("batch", {.max = 64});
    wanted.from = query.integer_or("from", 0, {.min = 0, .max = kMaxFrom});
    wanted.size = query.integer_or("size", kDefaultSize, {.min = 1, .max = kMaxSize});
    if (!query.ok()) return call->answer(query.refusal());
    const Instant begun = context_.clock().now();
    wanted.on = today();
    const auto page = search(reader_, wanted);
    if (!page) return call->answer(runtime::store_failure(*call, page.error()));
    call->span.set("grocery.search.hits", page->total);
    // The notifier's questions are not what people look for.
    if (!wanted.batch) note_search(*call, wanted, page->total);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(context_.clock().now() - begun);
    call->answer(search_answer(wanted, *page, took.count()));
}

void Finder::note_search(const platform::Call& call, const Search& wanted, std::int64_t hits) {
    std::string term = fold_term(wanted.words);
    // Later pages are the same search.
    if (term.empty() || wanted.from > 0) return;
    events_.add({.action = std::string(ItemEvent::kSearched),
                 .user_id = caller_if_known(call),
                 .retailer_id = wanted.retailer_id,
                 .term = std::move(term),
                 .hits = hits});
}

void Finder::suggest_names(const CallPtr& call) {
    platform::QueryReader query(*call);
    const std::string typed = query.required_text("q", {.min = 1, .max = 50});
    if (!query.ok()) return call->answer(query.refusal());
    const auto suggestions = suggest(reader_, typed, today());
    if (!suggestions) return call->answer(runtime::store_failure(*call, suggestions.error()));
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("suggestions").begin_array();
        for (const std::string& suggestion : *suggestions) out.string(suggestion);
        out.end_array().end_object();
    }));
}

void Finder::favourites(const CallPtr& call) {
    if (!require_caller(*call)) return;
    platform::QueryReader query(*call);
    const auto terms = query.texts("f", {.min = 1, .max = kMaxFavourites}, {.min = 1, .max = 100});
    if (!query.ok()) return call->answer(query.refusal());
    std::string body;
    text::JsonWriter out(body);
    out.begin_object().key("items").begin_array();
    for (const std::string& term : terms) {
        const auto page = search(reader_, {.words = term, .on = today(), .size = kOffersPerFavourite});
        if (!page) return call->answer(runtime::store_failure(*call, page.error()));
        out.begin_object().key("favourite").string(term).key("promotions").begin_array();
        for (const SearchPage::Hit& hit : page->items) {
            out.begin_object();
            write_promotion(out, hit.promotion);
            out.end_object();
        }
        out.end_array().end_object();
    }
    out.end_array().end_object();
    call->answer(platform::json_answer(kOk, std::move(body)));
}

}  // namespace

void add_search_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools,
                       ItemEvents& events) {
    const auto finder = std::make_shared<Finder>(context, tools.reader, events);
    router.add("GET", "/search", [finder](const CallPtr& call) { finder->search_offers(call); });
    router.add("GET", "/suggest", [finder](const CallPtr& call) { finder->suggest_names(call); });
    router.add("GET", "/favourites", [finder](const CallPtr& call) { finder->favourites(call); });
}

}  // namespace loadgen::services::grocery::elastic
