#include "services/products/service.hpp"

#include "services/products/events/handlers.hpp"
#include "services/products/events/payloads.hpp"
#include "services/products/http/routes.hpp"
#include "services/products/store/products.hpp"

namespace loadgen::services::products {
namespace {

struct SeedProduct {
    std::string_view name;
    double price;
};
constexpr SeedProduct kCatalogue[] = {
    {"Flat White", 3.5}, {"Espresso", 2.99}, {"Latte", 4.99}, {"Long Black", 3.5}, {"Cappuccino", 4.99}};

class ProductService final : public runtime::Service {
  public:
    explicit ProductService(runtime::ServiceContext& context) : context_(context) {}

    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        products::add_routes(router, context_, tools);
    }
    void add_consumers(runtime::Consumers& consumers) override {
        products::add_consumers(consumers, context_);
    }
    Result<void> seed(runtime::Transaction& transaction) override;

  private:
    runtime::ServiceContext& context_;
};

Result<void> ProductService::seed(runtime::Transaction& transaction) {
    if (!context_.settings().seed_demo) return {};
    for (const SeedProduct& row : kCatalogue) {
        const Product product{product_id_of(row.name), std::string(row.name), row.price, 0, {}};
        auto added = insert_product(transaction.tables(), product, transaction.now_ms());
        if (!added) return std::move(added).error();
        if (!*added) continue;
        auto told = transaction.publish({.type = "product.productCreated", .data = product_created(product)});
        if (!told) return told;
    }
    return {};
}

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<ProductService>(context);
}

}  // namespace

const runtime::ServiceType kProducts = {.name = "products",
                                        .title = "ProductService",
                                        .domain = "products",
                                        .summary = "the catalogue: products, price brackets, stock levels",
                                        .migrations = migrations(),
                                        .error_shape = platform::error_shapes::product,
                                        .make = make};

}  // namespace loadgen::services::products
