// The discounts, and the prices that misbehave.
#include "services/pricing/domain/pricing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "services/pricing/events/handlers.hpp"

namespace loadgen::services::pricing {
namespace {

using namespace std::chrono_literals;

TEST(Discounts, AreThoseOfTheOriginal) {
    struct Vector {
        double price;
        double brackets[kBrackets];
    };
    // Computed by the original program.
    for (const Vector& vector :
         {Vector{3.5, {3.33, 3.15, 2.8, 2.63, 2.45}}, Vector{2.99, {2.84, 2.69, 2.39, 2.24, 2.09}},
          Vector{4.99, {4.74, 4.49, 3.99, 3.74, 3.49}}, Vector{12.99, {12.34, 11.69, 10.39, 9.74, 9.09}},
          Vector{130, {123.5, 117, 104, 97.5, 91}}, Vector{0, {0, 0, 0, 0, 0}}}) {
        constexpr std::int64_t kQuantities[kBrackets] = {5, 10, 25, 50, 100};
        const auto brackets = brackets_for(vector.price);
        for (std::size_t i = 0; i < kBrackets; ++i) {
            EXPECT_EQ(brackets[i].quantity, kQuantities[i]);
            EXPECT_EQ(brackets[i].price, vector.brackets[i]) << vector.price << " for " << kQuantities[i];
        }
    }
}

TEST(Discounts, OfTheLargestPricesAreNumbers) {
    for (const double price : {1e15, 1e300, std::numeric_limits<double>::max()}) {
        for (const Bracket& bracket : brackets_for(price)) {
            EXPECT_TRUE(std::isfinite(bracket.price)) << price;
            EXPECT_LT(bracket.price, price);
            EXPECT_GT(bracket.price, price * 0.69);
        }
    }
}

TEST(Mishaps, HappenToThreeRangesOfPrices) {
    const auto below = [](double price) { return std::nextafter(price, 0); };
    for (const double price : {0.0, below(50), 60.0, below(90), 100.0, 1000.0}) {
        EXPECT_EQ(mishap_for(price).delay, Nanos(0)) << price;
        EXPECT_FALSE(mishap_for(price).fails) << price;
    }
    for (const double price : {50.0, below(60)}) EXPECT_EQ(mishap_for(price).delay, Nanos(40s)) << price;
    for (const double price : {95.0, below(100)}) EXPECT_EQ(mishap_for(price).delay, Nanos(8s)) << price;
    for (const double price : {90.0, below(95)}) EXPECT_TRUE(mishap_for(price).fails) << price;
    EXPECT_GT(mishap_for(50).delay, kHandlerLimit);
    EXPECT_LT(mishap_for(95).delay, kHandlerLimit);
}

TEST(PricingPayloads, AreReadAndWritten) {
    EXPECT_EQ(
        pricing_calculated("LATTE", 2.99),
        R"({"productId":"LATTE","priceBrackets":[{"quantity":5,"price":2.84},{"quantity":10,"price":2.69},)"
        R"({"quantity":25,"price":2.39},{"quantity":50,"price":2.24},{"quantity":100,"price":2.09}],"price":2.99})");
    const auto price = read_catalogue_price(R"({"data":{"productId":"LATTE","price":2.99},"message":"OK"})");
    ASSERT_TRUE(price.has_value());
    EXPECT_EQ(*price, 2.99);
    for (const char* bad : {"", "{}", R"({"data":{}})", R"({"data":{"price":"2.99"}})", R"({"data":[]})"}) {
        EXPECT_FALSE(read_catalogue_price(bad).has_value()) << bad;
    }
}

}  // namespace
}  // namespace loadgen::services::pricing
