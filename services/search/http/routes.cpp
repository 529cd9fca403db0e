#include "services/search/http/routes.hpp"

#include "services/platform/json_body.hpp"
#include "services/search/store/catalogue_copy.hpp"

namespace loadgen::services::search {
namespace {

using platform::CallPtr;

constexpr int kOk = 200;
constexpr int kBusy = 503;
constexpr int kRetryAfterSeconds = 1;
constexpr platform::TextRule kQuery = {.min = 1, .max = 500, .lines = true};

http::Response found_answer(std::string_view query, const std::vector<FoundProduct>& products) {
    return platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("answer").string(answer_sentence(query, products));
        out.key("products").begin_array();
        for (const FoundProduct& product : products) {
            out.begin_object().key("productId").string(product.id).key("name").string(product.name);
            out.key("price").number(product.price);
            out.key("stockLevel").number(product.stock_level).end_object();
        }
        out.end_array().end_object();
    });
}

/// Whatever ails the index, search is away and may be back.
http::Response away(platform::Call& call, const Error& error) {
    call.error = error.message;
    return platform::error_response(call, {.status = kBusy,
                                           .message = "search is not available, try again",
                                           .retry_after_seconds = kRetryAfterSeconds});
}

void search(const CallPtr& call, store::Statements& reader) {
    platform::BodyReader body(*call);
    const std::string query = body.string("query", kQuery);
    if (!body.ok()) return call->answer(body.refusal());
    const auto products = find_products(reader, query, kMaxFound);
    if (!products) return call->answer(away(*call, products.error()));
    call->span.set("search.hits", static_cast<std::int64_t>(products->size()));
    call->answer(found_answer(query, *products));
}

}  // namespace

void add_routes(platform::Router& router, runtime::RouteTools& tools) {
    router.add("POST", "/search", [&reader = tools.reader](const CallPtr& call) { search(call, reader); });
}

}  // namespace loadgen::services::search
