// The routes of products against a running service.
#include "services/products/service.hpp"
#include "tests/unit/services_shop/shop_test.hpp"

namespace loadgen::services::products {
namespace {

using shop_test::Answer;
using shop_test::field;

constexpr const char* kWidget = R"({"name":"Widget One","price":12.99})";
constexpr const char* kStoredWidget =
    R"({"data":{"productId":"WIDGETONE","name":"Widget One","price":12.99,"stockLevel":0,"pricingBrackets":[]},)"
    R"("message":"OK"})";
constexpr const char* kNotFound = R"({"data":"Not found","message":"Product not found"})";
constexpr const char* kDone = R"({"data":"OK","message":"OK"})";

class Products : public shop_test::ShopTest {
  protected:
    explicit Products(const Change& change = nullptr)
        : ShopTest(kProducts, shop_test::kProductsShape, change) {}

    void create(const std::string& body) { EXPECT_EQ(send("POST", "/product", body, admin()).status, 201); }
    bool shows(const std::string& id, const std::string& text) {
        return test::eventually([&] { return get("/product/" + id).body.find(text) != std::string::npos; });
    }
    std::vector<std::string> heard() const {
        std::vector<std::string> all;
        for (const auto& event : services_.heard()) all.push_back(event.type + ' ' + event.data);
        return all;
    }
};

TEST_F(Products, ANewProductIsShownAndFound) {
    const Answer made = send("POST", "/product", kWidget, admin());
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(made.body, kStoredWidget);
    EXPECT_EQ(field(made, "content-type"), "application/json");
    const Answer found = get("/product/WIDGETONE");
    EXPECT_EQ(found.status, 200);
    EXPECT_EQ(found.body, kStoredWidget);
    EXPECT_EQ(get("/product/%57IDGETONE").body, kStoredWidget);
}

TEST_F(Products, WhatIsNotThereIsNotFound) {
    const Answer missing = get("/product/NOTHING");
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.body, kNotFound);
    EXPECT_EQ(get("/product/nothing%20at%20all").status, 404);
    EXPECT_EQ(get("/product").body, R"({"data":[],"message":"OK"})");
}

TEST_F(Products, TheListIsSortedByName) {
    create(R"({"name":"Zebra","price":1})");
    create(R"({"name":"Apple Pie","price":2.5})");
    create(R"({"name":"Mango","price":0.01})");
    const Answer list = get("/product");
    EXPECT_EQ(list.status, 200);
    EXPECT_EQ(list.body, R"({"data":[{"productId":"APPLEPIE","name":"Apple Pie","price":2.5,"stockLevel":0},)"
                         R"({"productId":"MANGO","name":"Mango","price":0.01,"stockLevel":0},)"
                         R"({"productId":"ZEBRA","name":"Zebra","price":1,"stockLevel":0}],"message":"OK"})");
}

TEST_F(Products, CreatingAnExistingOneAnswersWhatIsStored) {
    services_.listen({"product.productCreated.v1"});
    create(kWidget);
    const Answer again = send("POST", "/product", R"({"name":"WIDGET one","price":99})", admin());
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, kStoredWidget);
    create(R"({"name":"Another","price":1})");
    ASSERT_TRUE(test::eventually([this] { return heard().size() >= 2; }));
    EXPECT_THAT(heard(), ::testing::ElementsAre(R"(product.productCreated.v1 {"productId":"WIDGETONE"})",
                                                R"(product.productCreated.v1 {"productId":"ANOTHER"})"));
}

TEST_F(Products, AnUpdateChangesNameAndPriceButNeverTheId) {
    create(kWidget);
    const Answer updated =
        send("PUT", "/product", R"({"id":"WIDGETONE","name":"Gadget","price":5})", admin());
    EXPECT_EQ(updated.status, 200);
    EXPECT_EQ(
        updated.body,
        R"({"data":{"productId":"WIDGETONE","name":"Gadget","price":5,"stockLevel":0,"pricingBrackets":[]},)"
        R"("message":"OK"})");
    EXPECT_EQ(get("/product/WIDGETONE").body, updated.body);
    EXPECT_EQ(get("/product/GADGET").status, 404);
    const Answer same =
        send("PUT", "/product", R"({"productId":"WIDGETONE","name":"Gadget","price":5})", admin());
    EXPECT_EQ(same.status, 200);
    EXPECT_EQ(same.body, R"({"data":"OK","message":"No updates required"})");
    const Answer missing = send("PUT", "/product", R"({"id":"NOTHING","name":"Gadget","price":5})", admin());
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(missing.body, kNotFound);
}

TEST_F(Products, DeletingAnswersTheSameTwice) {
    create(kWidget);
    for (int time = 0; time < 2; ++time) {
        const Answer gone = send("DELETE", "/product/WIDGETONE", {}, admin());
        EXPECT_EQ(gone.status, 200);
        EXPECT_EQ(gone.body, kDone);
    }
    EXPECT_EQ(get("/product/WIDGETONE").status, 404);
}

TEST_F(Products, OnlyRealChangesAreTold) {
    services_.listen({"product.productUpdated.v1", "product.productDeleted.v1", "product.productUpdated"});
    create(kWidget);
    EXPECT_EQ(
        send("PUT", "/product", R"({"id":"WIDGETONE","name":"Widget One","price":12.99})", admin()).status,
        200);
    EXPECT_EQ(send("PUT", "/product", R"({"id":"WIDGETONE","name":"Widget One","price":5})", admin()).status,
              200);
    EXPECT_EQ(send("DELETE", "/product/NOTHING", {}, admin()).status, 200);
    EXPECT_EQ(send("DELETE", "/product/WIDGETONE", {}, admin()).status, 200);
    EXPECT_EQ(send("DELETE", "/product/WIDGETONE", {}, admin()).status, 200);
    ASSERT_TRUE(test::eventually([this] { return heard().size() >= 3; }));
    EXPECT_THAT(heard(),
                ::testing::UnorderedElementsAre(R"(product.productUpdated {"productId":"WIDGETONE",)"
                                                R"("previous":{"name":"Widget One","price":12.99},)"
                                                R"("new":{"name":"Widget One","price":5}})",
                                                R"(product.productUpdated.v1 {"productId":"WIDGETONE"})",
                                                R"(product.productDeleted.v1 {"productId":"WIDGETONE"})"));
}

TEST_F(Products, WritingIsForAdministrators) {
    create(kWidget);
    const std::string update = R"({"id":"WIDGETONE","name":"Gadget","price":5})";
    expect_needs_token("POST", "/product", R"({"name":"Another","price":1})");
    expect_needs_token("PUT", "/product", update);
    expect_needs_token("DELETE", "/product/WIDGETONE", {});
    expect_needs_admin("POST", "/product", R"({"name":"Another","price":1})");
    expect_needs_admin("PUT", "/product", update);
    expect_needs_admin("DELETE", "/product/WIDGETONE", {});
    EXPECT_EQ(get("/product").body,
              R"({"data":[{"productId":"WIDGETONE","name":"Widget One","price":12.99,"stockLevel":0}],)"
              R"("message":"OK"})");
}

TEST_F(Products, DetailsHaveRules) {
    create(kWidget);
    for (const char* method : {"POST", "PUT"}) {
        expect_reads_json(method, "/product", admin());
        std::vector<std::string> bodies = {"{}"};
        for (const char* details :
             {R"("name":"abc","price":1)", R"("name":"","price":1)", R"("name":"    ","price":1)",
              R"("name":"Gadget","price":0)", R"("name":"Gadget","price":-1)", R"("name":"Gadget")",
              R"("price":1)", R"("name":"Gadget","price":"1")", R"("name":7,"price":1)",
              R"("name":null,"price":1)", R"("name":"Gadget","price":1e999)"}) {
            bodies.push_back(R"({"id":"WIDGETONE",)" + std::string(details) + '}');
        }
        expect_invalid(method, "/product", admin(), bodies);
    }
    expect_invalid("PUT", "/product", admin(),
                   {R"({"name":"Gadget","price":1})", R"({"id":7,"name":"Gadget","price":1})"});
    EXPECT_EQ(send("POST", "/product", "{", admin()).body,
              R"({"data":"Bad Request","message":"the body is not valid JSON"})");
    create(R"({"name":"a bc","price":0.001})");  // four bytes are enough
    EXPECT_EQ(get("/product/ABC").status, 200);
}

TEST_F(Products, StockLevelsAndPricesFollowTheirServices) {
    create(kWidget);
    services_.publish("inventory.stockUpdated.v1",
                      R"({"productId":"WIDGETONE","previousStockLevel":0,"newStockLevel":60,"version":2})");
    ASSERT_TRUE(shows("WIDGETONE", R"("stockLevel":60)"));
    services_.publish("pricing.pricingCalculated.v1",
                      R"({"productId":"WIDGETONE","priceBrackets":[{"quantity":10,"price":11.69},)"
                      R"({"quantity":5,"price":12.34}]})");
    ASSERT_TRUE(shows("WIDGETONE",
                      R"("pricingBrackets":[{"quantity":5,"price":12.34},{"quantity":10,"price":11.69}])"));
    services_.publish("pricing.pricingCalculated.v1",
                      R"({"productId":"WIDGETONE","priceBrackets":[{"quantity":50,"price":1}]})");
    ASSERT_TRUE(shows("WIDGETONE", R"("pricingBrackets":[{"quantity":50,"price":1}])"));
}

TEST_F(Products, NewsOfUnknownProductsAreDroppedAndWrongOnesSetAside) {
    services_.publish("inventory.stockUpdated.v1", R"({"productId":"NOTHING","newStockLevel":1})");
    services_.publish("inventory.stockUpdated.v1", R"({"productId":"NOTHING"})");
    EXPECT_TRUE(test::eventually(
        [this] { return services_.dead_letters("ProductStockUpdatedEventQueue-dev").size() == 1; }));
    EXPECT_TRUE(services_.dead_letters("ProductService-InventoryStockUpdated-dev").empty());
}

class SeededProducts : public Products {
  protected:
    SeededProducts() : Products([](runtime::Settings& settings) { settings.seed_demo = true; }) {}
};

TEST_F(SeededProducts, TheCatalogueIsThere) {
    EXPECT_EQ(get("/product").body,
              R"({"data":[{"productId":"CAPPUCCINO","name":"Cappuccino","price":4.99,"stockLevel":0},)"
              R"({"productId":"ESPRESSO","name":"Espresso","price":2.99,"stockLevel":0},)"
              R"({"productId":"FLATWHITE","name":"Flat White","price":3.5,"stockLevel":0},)"
              R"({"productId":"LATTE","name":"Latte","price":4.99,"stockLevel":0},)"
              R"({"productId":"LONGBLACK","name":"Long Black","price":3.5,"stockLevel":0}],"message":"OK"})");
}

}  // namespace
}  // namespace loadgen::services::products
