#include "services/products/http/routes.hpp"

#include "services/platform/auth/guard.hpp"
#include "services/platform/json_body.hpp"
#include "services/products/events/payloads.hpp"
#include "services/products/store/products.hpp"
#include "services/store/read_cache.hpp"

namespace loadgen::services::products {
namespace {

using platform::CallPtr;
using platform::auth::UserType;
using runtime::ServiceContext;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
constexpr std::size_t kMaxKept = 256;  // answers of single products, each about half a kilobyte

void write_item(text::JsonWriter& out, const Product& product) {
    out.key("productId").string(product.id).key("name").string(product.name);
    out.key("price").number(product.price).key("stockLevel").number(product.stock_level);
}

http::Response product_answer(int status, const Product& product) {
    return platform::data_answer(platform::kProductEnvelope, status, [&](text::JsonWriter& out) {
        out.begin_object();
        write_item(out, product);
        out.key("pricingBrackets").begin_array();
        for (const PriceBracket& bracket : product.brackets) {
            out.begin_object().key("quantity").integer(bracket.quantity);
            out.key("price").number(bracket.price).end_object();
        }
        out.end_array().end_object();
    });
}

http::Response list_answer(const std::vector<Product>& products) {
    return platform::data_answer(platform::kProductEnvelope, kOk, [&](text::JsonWriter& out) {
        out.begin_array();
        for (const Product& product : products) {
            out.begin_object();
            write_item(out, product);
            out.end_object();
        }
        out.end_array();
    });
}

http::Response done_answer(std::string_view message) {
    return platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("data").string("OK").key("message").string(message).end_object();
    });
}

runtime::Refusal unknown_product() {
    return {.status = kNotFound, .message = "Product not found", .code = {}, .data = R"("Not found")"};
}

Result<http::Response> create(Transaction& transaction, const Product& product) {
    transaction.span().set("product.id", product.id);
    auto added = insert_product(transaction.tables(), product, transaction.now_ms());
    if (!added) return std::move(added).error();
    if (*added) {
        auto told = transaction.publish({.type = "product.productCreated", .data = product_created(product)});
        if (!told) return std::move(told).error();
    }
    auto stored = find_product(transaction.tables(), product.id);
    if (!stored) return std::move(stored).error();
    return product_answer(kCreated, **stored);
}

Result<http::Response> update(Transaction& transaction, const Product& wanted) {
    transaction.span().set("product.id", wanted.id);
    auto stored = find_product(transaction.tables(), wanted.id);
    if (!stored) return std::move(stored).error();
    if (!*stored) return transaction.refuse(unknown_product());
    Product after = **stored;
    if (after.name == wanted.name && after.price == wanted.price) return done_answer("No updates required");
    after.name = wanted.name;
    after.price = wanted.price;
    auto done = update_details(transaction.tables(), after, transaction.now_ms());
    if (done) {
        done =
            transaction.publish({.type = "product.productUpdated", .data = product_updated(**stored, after)});
    }
    if (!done) return std::move(done).error();
    return product_answer(kOk, after);
}

Result<http::Response> remove(Transaction& transaction, const std::string& id) {
    transaction.span().set("product.id", id);
    auto existed = delete_product(transaction.tables(), id);
    if (!existed) return std::move(existed).error();
    if (*existed) {
        auto told = transaction.publish({.type = "product.productDeleted", .data = product_named(id)});
        if (!told) return std::move(told).error();
    }
    return done_answer("OK");
}

/// The handlers of one worker.
class Catalogue {
  public:
    Catalogue(ServiceContext& context, store::Statements& reader)
        : context_(context),
          reader_(reader),
          lists_(context.store(), 1),
          products_(context.store(), kMaxKept) {}

    void list(const CallPtr& call);
    void get(const CallPtr& call);
    void post(const CallPtr& call);
    void put(const CallPtr& call);
    void erase(const CallPtr& call);

  private:
    ServiceContext& context_;
    store::Statements& reader_;
    // Answers. The catalogue is read far more often than it changes.
    store::ReadCache<http::Response> lists_;
    store::ReadCache<std::optional<http::Response>> products_;  // by id; none: there is no such product
};

void Catalogue::list(const CallPtr& call) {
    auto answer = lists_.get("", [this]() -> Result<http::Response> {
        auto products = list_products(reader_);
        if (!products) return std::move(products).error();
        return list_answer(*products);
    });
    call->answer(answer ? std::move(*answer) : runtime::store_failure(*call, answer.error()));
}

void Catalogue::get(const CallPtr& call) {
    const std::string_view id = call->parameter("productId");
    call->span.set("product.id", id);
    auto answer = products_.get(id, [&]() -> Result<std::optional<http::Response>> {
        auto product = find_product(reader_, id);
        if (!product) return std::move(product).error();
        if (!*product) return std::optional<http::Response>();
        return std::optional(product_answer(kOk, **product));
    });
    if (!answer) return call->answer(runtime::store_failure(*call, answer.error()));
    call->answer(*answer ? std::move(**answer) : runtime::refused(*call, unknown_product()));
}

void Catalogue::post(const CallPtr& call) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    platform::BodyReader body(*call);
    Product product;
    product.name = body.string("name");
    product.price = body.number("price");
    if (!body.ok()) return call->answer(body.refusal());
    if (const auto why = check_details(product.name, product.price))
        return call->answer(platform::error_response(*call, kBadRequest, *why));
    product.id = product_id_of(product.name);
    call->span.set("product.name", product.name);
    call->span.set("product.price", product.price);
    context_.transact(call, {"INSERT", "products"},
                      [product](Transaction& transaction) { return create(transaction, product); });
}

void Catalogue::put(const CallPtr& call) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    platform::BodyReader body(*call);
    Product wanted;
    // The public documentation says productId, the service always read id.
    wanted.id = body.string(body.fields().has("productId") ? "productId" : "id");
    wanted.name = body.string("name");
    wanted.price = body.number("price");
    if (!body.ok()) return call->answer(body.refusal());
    if (const auto why = check_details(wanted.name, wanted.price))
        return call->answer(platform::error_response(*call, kBadRequest, *why));
    context_.transact(call, {"UPDATE", "products"},
                      [wanted](Transaction& transaction) { return update(transaction, wanted); });
}

void Catalogue::erase(const CallPtr& call) {
    if (!platform::auth::require_user(*call, {UserType::kAdmin})) return;
    context_.transact(call, {"DELETE", "products"},
                      [id = std::string(call->parameter("productId"))](Transaction& transaction) {
                          return remove(transaction, id);
                      });
}

}  // namespace

void add_routes(platform::Router& router, ServiceContext& context, runtime::RouteTools& tools) {
    const auto catalogue = std::make_shared<Catalogue>(context, tools.reader);
    router.add("GET", "/product", [catalogue](const CallPtr& call) { catalogue->list(call); });
    router.add("POST", "/product", [catalogue](const CallPtr& call) { catalogue->post(call); });
    router.add("PUT", "/product", [catalogue](const CallPtr& call) { catalogue->put(call); });
    router.add("GET", "/product/{productId}", [catalogue](const CallPtr& call) { catalogue->get(call); });
    router.add("DELETE", "/product/{productId}",
               [catalogue](const CallPtr& call) { catalogue->erase(call); });
}

}  // namespace loadgen::services::products
