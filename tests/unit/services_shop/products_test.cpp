// The rules and the tables of the catalogue.
#include <limits>

#include "services/products/events/payloads.hpp"
#include "services/products/store/products.hpp"
#include "tests/unit/services_shop/tables.hpp"

namespace loadgen::services::products {
namespace {

TEST(ProductId, IsTheUpperCasedNameWithoutSpaces) {
    EXPECT_EQ(product_id_of("Flat White"), "FLATWHITE");
    EXPECT_EQ(product_id_of(" a  B c "), "ABC");
    EXPECT_EQ(product_id_of("Caf\xc3\xa9-7"), "CAF\xc3\xa9-7");
    EXPECT_EQ(product_id_of("   "), "");
}

TEST(ProductDetails, ANameOfFourBytesAndAPriceAboveZero) {
    EXPECT_EQ(check_details("Mocha", 0.01), std::nullopt);
    EXPECT_EQ(check_details("abcd", 1), std::nullopt);
    EXPECT_EQ(check_details("a b ", 1), std::nullopt);
    EXPECT_EQ(check_details("abc", 1), "name must have more than 3 bytes");
    EXPECT_EQ(check_details("", 1), "name must have more than 3 bytes");
    EXPECT_EQ(check_details("    ", 1), "name must not be blank");
    for (const double price : {0.0, -0.0, -1.0, std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN()}) {
        EXPECT_EQ(check_details("Mocha", price), "price must be above 0") << price;
    }
}

TEST(ProductPayloads, SayWhatHappened) {
    const Product before{"LATTE", "Latte", 4.99, 3, {}};
    const Product after{"LATTE", "Latte", 5, 3, {}};
    EXPECT_EQ(product_created(before), R"({"productId":"LATTE","name":"Latte","price":4.99})");
    EXPECT_EQ(
        product_updated(before, after),
        R"({"productId":"LATTE","previous":{"name":"Latte","price":4.99},"new":{"name":"Latte","price":5}})");
    EXPECT_EQ(product_named("LATTE"), R"({"productId":"LATTE"})");
    EXPECT_EQ(
        pricing_changed({"LATTE", {{5, 4.74}, {10, 4.49}}, {}}),
        R"({"productId":"LATTE","priceBrackets":[{"quantity":5,"price":4.74},{"quantity":10,"price":4.49}]})");
}

TEST(ProductPayloads, PricingTellsThePriceThatItIsOf) {
    const auto pricing = read_pricing(R"({"productId":"LATTE","priceBrackets":[],"price":4.99})");
    ASSERT_TRUE(pricing.has_value());
    EXPECT_EQ(pricing_changed(*pricing), R"({"productId":"LATTE","priceBrackets":[],"price":4.99})");
}

TEST(ProductPayloads, AreReadWithAndWithoutAVersion) {
    const auto plain = read_stock_level(R"({"productId":"LATTE","newStockLevel":5})", "newStockLevel");
    ASSERT_TRUE(plain.has_value());
    EXPECT_EQ(plain->level, 5);
    EXPECT_EQ(plain->version, 0);
    const auto ours = read_stock_level(stock_updated({"LATTE", 6, 3}), "stockLevel");
    ASSERT_TRUE(ours.has_value());
    EXPECT_EQ(ours->level, 6);
    EXPECT_EQ(ours->version, 3);
    for (const char* bad : {"", "{}", R"({"productId":"LATTE"})", R"({"productId":"","newStockLevel":5})",
                            R"({"productId":"LATTE","newStockLevel":"5"})"}) {
        EXPECT_FALSE(read_stock_level(bad, "newStockLevel").has_value()) << bad;
    }
    for (const char* bad : {"{}", R"({"productId":"LATTE"})", R"({"productId":"LATTE","priceBrackets":{}})",
                            R"({"productId":"LATTE","priceBrackets":[5]})",
                            R"({"productId":"LATTE","priceBrackets":[{"quantity":5}]})",
                            R"({"productId":"LATTE","priceBrackets":[{"quantity":0.5,"price":1}]})"}) {
        EXPECT_FALSE(read_pricing(bad).has_value()) << bad;
    }
}

class ProductTables : public shop_test::TablesTest {
  protected:
    ProductTables() : TablesTest(migrations()) {}

    /// Runs `work`, which says whether it changed anything.
    bool changes(const std::function<Result<bool>(store::Statements&)>& work) {
        bool changed = false;
        const auto outcome = change([&](store::Statements& tables) -> Result<void> {
            auto done = work(tables);
            if (!done) return std::move(done).error();
            changed = *done;
            return {};
        });
        EXPECT_TRUE(outcome.has_value()) << outcome.error().message;
        return changed;
    }
    bool insert(const std::string& id, const std::string& name, double price) {
        return changes([&](store::Statements& tables) {
            return insert_product(tables, Product{id, name, price, 0, {}}, 5);
        });
    }
    bool set_level(double level, std::int64_t version) {
        return changes(
            [&](store::Statements& tables) { return set_stock_level(tables, "LATTE", level, version); });
    }
    bool set_brackets(const std::vector<PriceBracket>& brackets, std::optional<double> price = {}) {
        return changes(
            [&](store::Statements& tables) { return replace_brackets(tables, "LATTE", brackets, price); });
    }
    std::optional<Product> latte() {
        return find_product(reader(), "LATTE").value_or(std::optional<Product>());
    }
};

TEST_F(ProductTables, BracketsOfAnotherPriceComeTooLate) {
    insert("LATTE", "Latte", 4.99);
    EXPECT_TRUE(set_brackets({{5, 4.74}}, 4.99));
    EXPECT_TRUE(set_brackets({{5, 9.5}}, 10));
    EXPECT_EQ(latte()->brackets, (std::vector<PriceBracket>{{5, 4.74}}));
    EXPECT_TRUE(set_brackets({{5, 9.5}}));  // by a sender who does not say
    EXPECT_EQ(latte()->brackets, (std::vector<PriceBracket>{{5, 9.5}}));
}

TEST_F(ProductTables, AnIdIsTakenOnce) {
    EXPECT_TRUE(insert("LATTE", "Latte", 4.99));
    EXPECT_FALSE(insert("LATTE", "latte", 1));
    EXPECT_EQ(latte()->name, "Latte");
    EXPECT_EQ(latte()->price, 4.99);
    EXPECT_EQ(latte()->stock_level, 0);
    EXPECT_TRUE(latte()->brackets.empty());
}

TEST_F(ProductTables, TheListIsByNameThenId) {
    insert("B2", "Same", 1);
    insert("B1", "Same", 1);
    insert("A", "Zebra", 1);
    std::vector<std::string> ids;
    const auto products = list_products(reader());
    ASSERT_TRUE(products.has_value());
    for (const Product& product : *products) ids.push_back(product.id);
    EXPECT_EQ(ids, (std::vector<std::string>{"B1", "B2", "A"}));
}

TEST_F(ProductTables, LateNewsOfStockDoNotCount) {
    EXPECT_FALSE(set_level(1, 1)) << "no such product";
    insert("LATTE", "Latte", 4.99);
    EXPECT_TRUE(set_level(10, 5));
    EXPECT_TRUE(set_level(99, 4)) << "known, but overtaken";
    EXPECT_EQ(latte()->stock_level, 10);
    EXPECT_TRUE(set_level(9, 6));
    EXPECT_EQ(latte()->stock_level, 9);
    EXPECT_TRUE(set_level(8, 0)) << "of a sender who knows no versions";
    EXPECT_EQ(latte()->stock_level, 8);
    set_level(7, 5);
    EXPECT_EQ(latte()->stock_level, 8) << "the version is kept";
}

TEST_F(ProductTables, BracketsAreReplacedAsAWhole) {
    EXPECT_FALSE(set_brackets({{5, 1}}));
    insert("LATTE", "Latte", 4.99);
    EXPECT_TRUE(set_brackets({{100, 3.49}, {5, 4.74}}));
    EXPECT_EQ(latte()->brackets, (std::vector<PriceBracket>{{5, 4.74}, {100, 3.49}}));
    EXPECT_TRUE(set_brackets({{10, 4.49}}));
    EXPECT_EQ(latte()->brackets, (std::vector<PriceBracket>{{10, 4.49}}));
    EXPECT_TRUE(set_brackets({}));
    EXPECT_TRUE(latte()->brackets.empty());
}

TEST_F(ProductTables, EachChangeLeavesTheOthersAlone) {
    insert("LATTE", "Latte", 4.99);
    set_level(10, 1);
    set_brackets({{5, 4.74}});
    EXPECT_TRUE(change([](store::Statements& tables) {
                    return update_details(tables, Product{"LATTE", "Caffè Latte", 5, 0, {}}, 6);
                }).has_value());
    EXPECT_EQ(latte()->name, "Caffè Latte");
    EXPECT_EQ(latte()->price, 5);
    EXPECT_EQ(latte()->stock_level, 10);
    EXPECT_EQ(latte()->brackets, (std::vector<PriceBracket>{{5, 4.74}}));
}

TEST_F(ProductTables, ADeletedProductTakesItsBracketsAlong) {
    insert("LATTE", "Latte", 4.99);
    set_brackets({{5, 4.74}});
    EXPECT_TRUE(changes([](store::Statements& tables) { return delete_product(tables, "LATTE"); }));
    EXPECT_FALSE(changes([](store::Statements& tables) { return delete_product(tables, "LATTE"); }));
    EXPECT_FALSE(latte().has_value());
    insert("LATTE", "Latte", 4.99);
    EXPECT_TRUE(latte()->brackets.empty());
}

}  // namespace
}  // namespace loadgen::services::products
