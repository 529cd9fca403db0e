// The route, and how search follows the catalogue, with the services that it listens to.
#include <gtest/gtest.h>

#include "services/inventory/service.hpp"
#include "services/pricing/service.hpp"
#include "services/products/service.hpp"
#include "services/search/service.hpp"
#include "tests/unit/services_loyalty/running_services.hpp"

namespace loadgen::services::search {
namespace {

using platform::auth::UserType;
using test::eventually;

class Search : public ::testing::Test {
  protected:
    Search() : admin_(services_.token_of("1", UserType::kAdmin)) {}

    fetch::FetchResponse search(std::string body) {
        return services_.ask("search", "POST", "/search", std::move(body));
    }
    std::string products(const std::string& query) {
        const std::string body = search(R"({"query":")" + query + R"("})").body;
        const auto at = body.find(R"("products":)");
        return at == std::string::npos ? body : body.substr(at + 11, body.size() - at - 12);
    }
    int as_admin(std::string method, std::string_view path, std::string body = {}) {
        return services_.ask("products", std::move(method), path, std::move(body), admin_).status;
    }

    const test::Folder folder_;
    test::RunningServices services_{folder_, {&products::kProducts, &kSearch}};
    const std::string admin_;
};

TEST_F(Search, WantsAQueryOf1To500Characters) {
    for (const std::string& body :
         {std::string(), std::string("{"), std::string("{}"), std::string(R"({"query":""})"),
          std::string(R"({"query":7})"), R"({"query":")" + std::string(501, 'x') + R"("})"}) {
        const auto refused = search(body);
        EXPECT_EQ(refused.status, 400) << body;
        EXPECT_EQ(refused.body.substr(0, 10), R"({"error":")") << body;
    }
    const auto found = search(R"({"query":")" + std::string(500, 'x') + R"("})");
    EXPECT_EQ(found.status, 200);
}

TEST_F(Search, FindsNothingInAnEmptyCatalogue) {
    const auto found = search(R"({"query":"any \"coffee\" at all?"})");
    EXPECT_EQ(found.status, 200);
    EXPECT_EQ(found.body, R"({"answer":"No product matches \"any \"coffee\" at all?\".","products":[]})");
}

TEST_F(Search, FollowsTheCatalogue) {
    ASSERT_EQ(as_admin("POST", "/product", R"({"name":"Flat White","price":3.5})"), 201);
    const std::string at_first =
        R"([{"productId":"FLATWHITE","name":"Flat White","price":3.5,"stockLevel":0}])";
    EXPECT_TRUE(eventually([&] { return products("do you sell flat whites?") == at_first; }));
    ASSERT_EQ(as_admin("PUT", "/product", R"({"id":"FLATWHITE","name":"Flat White","price":4.25})"), 200);
    EXPECT_TRUE(eventually([&] {
        return products("flat") ==
               R"([{"productId":"FLATWHITE","name":"Flat White","price":4.25,"stockLevel":0}])";
    })) << products("flat");
    ASSERT_EQ(as_admin("DELETE", "/product/FLATWHITE"), 200);
    EXPECT_TRUE(eventually([&] { return products("flat") == "[]"; })) << products("flat");
}

TEST_F(Search, KeepsStockThatIsToldBeforeItsProduct) {
    services_.publish("inventory.stockUpdated.v1",
                      R"({"productId":"ESPRESSO","previousStockLevel":0,"newStockLevel":61})");
    services_.publish("pricing.pricingCalculated.v1",
                      R"({"productId":"ESPRESSO","priceBrackets":[{"quantity":5,"price":2.84}]})");
    ASSERT_EQ(as_admin("POST", "/product", R"({"name":"Espresso","price":2.99})"), 201);
    const std::string whole =
        R"({"answer":"1 product matches \"espresso\": Espresso for 2.99, 2.84 each from 5 (61 in stock).",)"
        R"("products":[{"productId":"ESPRESSO","name":"Espresso","price":2.99,"stockLevel":61}]})";
    EXPECT_TRUE(eventually([&] { return search(R"({"query":"espresso"})").body == whole; }))
        << search(R"({"query":"espresso"})").body;
}

// The prices of a calculation that was slow, told after those of the price that counts.
TEST_F(Search, BulkPricesOfAnotherPriceDoNotReplaceThoseOfTheListedOne) {
    const auto answer = [&] { return search(R"({"query":"espresso"})").body; };
    const auto costs = [&](std::string_view price) {
        return eventually(
            [&] { return answer().find("Espresso for " + std::string(price)) != std::string::npos; });
    };
    ASSERT_EQ(as_admin("POST", "/product", R"({"name":"Espresso","price":3})"), 201);
    services_.publish("pricing.pricingCalculated.v1",
                      R"({"productId":"ESPRESSO","priceBrackets":[{"quantity":5,"price":2.85}],"price":3})");
    EXPECT_TRUE(costs("3, 2.85 each from 5")) << answer();
    services_.publish("pricing.pricingCalculated.v1",
                      R"({"productId":"ESPRESSO","priceBrackets":[{"quantity":5,"price":1.9}],"price":2})");
    ASSERT_EQ(as_admin("PUT", "/product", R"({"id":"ESPRESSO","name":"Espresso","price":2})"), 200);
    EXPECT_TRUE(costs("2, 1.9 each from 5")) << answer();
    ASSERT_EQ(as_admin("PUT", "/product", R"({"id":"ESPRESSO","name":"Espresso","price":3})"), 200);
    EXPECT_TRUE(costs("3, 2.85 each from 5")) << answer();
}

TEST(SearchInTheSet, ANewProductGetsItsPricesAndStockFromTheOthers) {
    const test::Folder folder;
    test::RunningServices services(
        folder, {&products::kProducts, &pricing::kPricing, &inventory::kInventory, &kSearch});
    ASSERT_EQ(services
                  .ask("products", "POST", "/product", R"({"name":"Cappuccino","price":12.99})",
                       services.token_of("1", UserType::kAdmin))
                  .status,
              201);
    EXPECT_TRUE(eventually([&] {
        const auto found = services.ask("search", "POST", "/search", R"({"query":"cappuccino"})").body;
        return found.find("Cappuccino for 12.99, 9.09 each from 100 (") != std::string::npos &&
               found.find("out of stock") == std::string::npos &&
               found.find(R"("stockLevel":0)") == std::string::npos;
    })) << services.ask("search", "POST", "/search", R"({"query":"cappuccino"})").body;
}

}  // namespace
}  // namespace loadgen::services::search
