// The sentence, the words of a phrase, and what is read of events.
#include <gtest/gtest.h>

#include "services/search/domain/answer.hpp"
#include "services/search/events/payloads.hpp"
#include "services/search/store/any_word.hpp"

namespace loadgen::services::search {
namespace {

TEST(AnswerSentence, NamesWhatWasFound) {
    EXPECT_EQ(answer_sentence("tea", {}), R"(No product matches "tea".)");
    const FoundProduct latte{
        .id = "LATTE", .name = "Latte", .price = 4.99, .stock_level = 12, .bulk = std::nullopt};
    const FoundProduct iced{.id = "ICEDLATTE",
                            .name = "Iced Latte",
                            .price = 5.5,
                            .stock_level = 0,
                            .bulk = BulkPrice{.quantity = 100, .price = 3.85}};
    const std::vector<FoundProduct> one = {latte};
    EXPECT_EQ(answer_sentence("latte", one), R"(1 product matches "latte": Latte for 4.99 (12 in stock).)");
    const std::vector<FoundProduct> two = {latte, iced};
    EXPECT_EQ(answer_sentence("latte", two), R"(2 products match "latte": Latte for 4.99 (12 in stock); )"
                                             R"(Iced Latte for 5.5, 3.85 each from 100 (out of stock).)");
}

// A word is looked for as its stem, as the index keeps it, and as the beginning of a word.
TEST(AnyWord, TakesTheWordsThatMaySayWhichProduct) {
    EXPECT_EQ(any_word_expression(""), "");
    EXPECT_EQ(any_word_expression(" ?! \"*()"), "");
    EXPECT_EQ(any_word_expression("Latte"), R"("lat" OR "latte"*)");
    EXPECT_EQ(any_word_expression("Do you have a flat white?"), R"("flat" OR "flat"* OR "whit" OR "white"*)");
    // Nothing but common words is still a question.
    EXPECT_EQ(any_word_expression("do it"), R"("do" OR "it")");
}

TEST(AnyWord, HoldsNoOperatorOfTheAskers) {
    EXPECT_EQ(any_word_expression(R"(name:x" OR NEAR(y*)"),
              R"("nam" OR "name"* OR "x" OR "near" OR "near"* OR "y")");
}

TEST(AnyWord, ALongPhraseIsCut) {
    std::string phrase;
    for (int i = 0; i < 400; ++i) phrase += "z" + std::to_string(i) + " ";
    const std::string expression = any_word_expression(phrase);
    EXPECT_NE(expression.find("\"z15\""), std::string::npos);
    EXPECT_EQ(expression.find("\"z16\""), std::string::npos);
}

TEST(SearchPayloads, ReadStockAndTheBestBulkPrice) {
    const auto stock = read_stock_level(R"({"productId":"LATTE","previousStockLevel":1,"newStockLevel":7})");
    ASSERT_TRUE(stock.has_value());
    EXPECT_EQ(stock->product_id, "LATTE");
    EXPECT_EQ(stock->level, 7);
    EXPECT_FALSE(read_stock_level(R"({"productId":"LATTE","stockLevel":7})").has_value());
    const auto pricing = read_pricing(
        R"({"productId":"LATTE","priceBrackets":[{"quantity":5,"price":3.33},{"quantity":100,"price":2.45},)"
        R"({"quantity":200,"price":2.45}]})");
    ASSERT_TRUE(pricing.has_value());
    EXPECT_EQ(pricing->best, (BulkPrice{.quantity = 100, .price = 2.45}));
    EXPECT_EQ(read_pricing(R"({"productId":"LATTE","priceBrackets":[]})")->best, std::nullopt);
    EXPECT_FALSE(read_pricing(R"({"productId":"LATTE"})").has_value());
    EXPECT_FALSE(read_pricing(R"({"productId":"LATTE","priceBrackets":[{"quantity":5}]})").has_value());
}

TEST(SearchPayloads, ReadTheCataloguesAnswer) {
    const auto product = read_catalogue_product(
        R"({"data":{"productId":"LATTE","name":"Latte","price":4.99,"stockLevel":1},"message":"OK"})");
    ASSERT_TRUE(product.has_value());
    EXPECT_EQ(product->id, "LATTE");
    EXPECT_EQ(product->name, "Latte");
    EXPECT_EQ(product->price, 4.99);
    for (const char* body : {"", "[]", "{}", R"({"data":[]})", R"({"data":{"productId":"LATTE"}})"}) {
        EXPECT_FALSE(read_catalogue_product(body).has_value()) << body;
    }
}

}  // namespace
}  // namespace loadgen::services::search
