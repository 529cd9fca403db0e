// The route of pricing against a running service.
#include "services/pricing/service.hpp"
#include "services/products/service.hpp"
#include "tests/unit/services_shop/shop_test.hpp"

namespace loadgen::services::pricing {
namespace {

using shop_test::Answer;
using shop_test::UserType;

class Pricing : public shop_test::ShopTest {
  protected:
    explicit Pricing(const Change& change = nullptr) : ShopTest(kPricing, shop_test::kPricingShape, change) {}

    Answer price(const std::string& price, const std::string& token = {}) {
        return send("POST", "/pricing", R"({"name":"Latte","price":)" + price + '}', token);
    }
};

TEST_F(Pricing, DiscountsForFiveQuantities) {
    const Answer brackets = price("12.99");
    EXPECT_EQ(brackets.status, 200);
    EXPECT_EQ(brackets.body, R"([{"quantityToOrder":5,"price":12.34},{"quantityToOrder":10,"price":11.69},)"
                             R"({"quantityToOrder":25,"price":10.39},{"quantityToOrder":50,"price":9.74},)"
                             R"({"quantityToOrder":100,"price":9.09}])");
    EXPECT_EQ(price("130").body, R"([{"quantityToOrder":5,"price":123.5},{"quantityToOrder":10,"price":117},)"
                                 R"({"quantityToOrder":25,"price":104},{"quantityToOrder":50,"price":97.5},)"
                                 R"({"quantityToOrder":100,"price":91}])");
    EXPECT_EQ(send("POST", "/pricing", R"({"price":0})").status, 200);
    EXPECT_EQ(price("1e308").body.find("null"), std::string::npos);
}

TEST_F(Pricing, NeedsAPrice) {
    expect_reads_json("POST", "/pricing", {});
    expect_invalid(
        "POST", "/pricing", {},
        {"{}", R"({"name":"Latte"})", R"({"price":null})", R"({"price":"5"})", R"({"price":-0.01})",
         R"({"price":[5]})", R"({"price":1e999})", R"({"name":5,"price":5})"});
}

TEST_F(Pricing, SomePricesMisbehaveOnPurpose) {
    for (const char* failing : {"90", "94.99"}) {
        const Answer failed = price(failing);
        EXPECT_EQ(failed.status, 500) << failing;
        EXPECT_EQ(failed.body, R"({"message":"Internal server error"})");
    }
    for (const char* late : {"50", "59.99"}) expect_failure(504, price(late), late);
    for (const char* fine : {"49.99", "60", "89.99", "95", "99.99", "100"}) {
        EXPECT_EQ(price(fine).status, 200) << fine;
    }
}

class TamePricing : public Pricing {
  protected:
    TamePricing() : Pricing([](runtime::Settings& settings) { settings.pricing_chaos = false; }) {}
};

TEST_F(TamePricing, AllPricesBehave) {
    for (const char* each : {"52", "92", "97"}) EXPECT_EQ(price(each).status, 200) << each;
}

class PremiumPricing : public Pricing {
  protected:
    PremiumPricing() : Pricing([](runtime::Settings& settings) { settings.require_premium = true; }) {}
};

TEST_F(PremiumPricing, IsForPremiumUsersAndAdministrators) {
    expect_needs_token("POST", "/pricing", R"({"name":"Latte","price":5})");
    expect_failure(403, price("5", tokens_.of("7", UserType::kStandard)), "a standard user");
    EXPECT_EQ(price("5", tokens_.of("7", UserType::kPremium)).status, 200);
    EXPECT_EQ(price("5", admin()).status, 200);
}

/// Together with the catalogue that it asks.
class PricingNews : public ::testing::Test {
  protected:
    void create(const std::string& name, const std::string& price) {
        const std::string body = R"({"name":")" + name + R"(","price":)" + price + '}';
        EXPECT_EQ(services_.ask("products", "POST", "/product", body, admin_).status, 201);
    }

    const test::Folder folder_;
    test::RunningServices services_{folder_, {&products::kProducts, &kPricing}};
    const std::string admin_ = services_.token_of("1", UserType::kAdmin);
};

TEST_F(PricingNews, CreatedAndUpdatedProductsArePriced) {
    services_.listen({"pricing.pricingCalculated.v1"});
    create("Flat/White", "3.5");
    ASSERT_TRUE(test::eventually([this] { return services_.heard().size() == 1; }));
    EXPECT_EQ(services_.heard()[0].data,
              R"({"productId":"FLAT/WHITE","priceBrackets":[{"quantity":5,"price":3.33},)"
              R"({"quantity":10,"price":3.15},{"quantity":25,"price":2.8},{"quantity":50,"price":2.63},)"
              R"({"quantity":100,"price":2.45}],"price":3.5})");
    const std::string update = R"({"id":"FLAT/WHITE","name":"Flat/White","price":130})";
    EXPECT_EQ(services_.ask("products", "PUT", "/product", update, admin_).status, 200);
    EXPECT_TRUE(test::eventually([this] {
        return services_.get("products", "/product/FLAT%2FWHITE").find(R"("price":123.5)") !=
               std::string::npos;
    }));
}

TEST_F(PricingNews, WhatCannotBePricedBecomesADeadLetterAndWhatIsGoneDoesNot) {
    services_.publish("product.productCreated.v1", R"({"productId":"GONE"})");
    create("Failing", "92");
    create("Too Slow", "52");
    create("Only Slow", "97");
    EXPECT_TRUE(
        test::eventually([this] { return services_.dead_letters("ProductCreated-dev").size() == 2; }));
    EXPECT_TRUE(test::eventually([this] {
        return services_.get("products", "/product/ONLYSLOW").find(R"("quantity":5)") != std::string::npos;
    }));
    EXPECT_EQ(services_.dead_letters("ProductCreated-dev").size(), 2U);
}

}  // namespace
}  // namespace loadgen::services::pricing
