// The copy of the catalogue and its index, on a real database.
#include <gtest/gtest.h>

#include <future>

#include "services/search/store/catalogue_copy.hpp"
#include "tests/unit/services_loyalty/running_services.hpp"

namespace loadgen::services::search {
namespace {

class CatalogueCopy : public ::testing::Test {
  protected:
    CatalogueCopy() {
        store::StoreOptions options;
        options.path = folder_.file("search.db");
        auto opened = store::open_sqlite_store(options, migrations());
        EXPECT_TRUE(opened.has_value()) << opened.error().message;
        if (opened) store_ = std::move(*opened);
        reader_ = std::move(*store_->open_reader());
    }

    /// Whether it changed anything.
    bool change(const std::function<Result<bool>(store::Statements&)>& work) {
        std::promise<void> told;
        bool changed = false;
        store_->write(
            [&](store::Statements& tables) -> Result<void> {
                auto done = work(tables);
                if (!done) return std::move(done).error();
                changed = *done;
                return {};
            },
            [&](const Result<void>& outcome) {
                EXPECT_TRUE(outcome.has_value()) << outcome.error().message;
                told.set_value();
            });
        told.get_future().wait();
        return changed;
    }
    bool list(const std::string& id, const std::string& name, double price, std::int64_t at = 1) {
        return change([&](store::Statements& tables) {
            return list_product(tables, {id, name, price}, WallTime{at});
        });
    }
    bool unlist(const std::string& id, std::int64_t at) {
        return change([&](store::Statements& tables) { return unlist_product(tables, id, WallTime{at}); });
    }
    bool stock(const std::string& id, double level, std::int64_t at, std::int64_t version = 0) {
        return change([&](store::Statements& tables) {
            return set_stock_level(tables, {id, level, version}, WallTime{at});
        });
    }
    /// 100 pieces for `best` each, while one costs `of`.
    bool bulk(const std::string& id, std::optional<double> best, std::optional<double> of, std::int64_t at) {
        const auto price = best ? std::optional(BulkPrice{.quantity = 100, .price = *best}) : std::nullopt;
        return change([&](store::Statements& tables) {
            return set_bulk_price(tables, {id, price, of}, WallTime{at});
        });
    }
    /// The bulk price that is found; 0 for none.
    double bulk_price(std::string_view phrase) {
        const auto found = find(phrase);
        return found.size() == 1 && found[0].bulk ? found[0].bulk->price : 0;
    }
    std::vector<FoundProduct> find(std::string_view phrase) {
        auto found = find_products(*reader_, phrase, kMaxFound);
        EXPECT_TRUE(found.has_value()) << phrase << ": " << found.error().message;
        return found.value_or(std::vector<FoundProduct>{});
    }
    std::vector<std::string> ids(std::string_view phrase) {
        std::vector<std::string> all;
        for (const FoundProduct& product : find(phrase)) all.push_back(product.id);
        return all;
    }

    const test::Folder folder_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Statements> reader_;
};

using Ids = std::vector<std::string>;

TEST_F(CatalogueCopy, FindsByAnyWordAndRanksMoreWordsFirst) {
    list("FLATWHITE", "Flat White", 3.5);
    list("LONGBLACK", "Long Black", 3.5);
    list("WHITECHOCOLATE", "White Chocolate", 4);
    EXPECT_EQ(ids("which white drinks would you recommend").size(), 2U);
    EXPECT_EQ(ids("a flat white please").front(), "FLATWHITE");
    EXPECT_EQ(ids("flatwhite"), Ids{"FLATWHITE"});
    EXPECT_EQ(ids("choc"), Ids{"WHITECHOCOLATE"});
    EXPECT_EQ(ids("WHITES").size(), 2U);
    EXPECT_EQ(ids("tea"), Ids{});
    EXPECT_EQ(ids("\" OR *"), Ids{});
}

TEST_F(CatalogueCopy, AnswersFiveAtMost) {
    for (int i = 0; i < 9; ++i) list("TEA" + std::to_string(i), "Tea " + std::to_string(i), 1);
    EXPECT_EQ(ids("tea").size(), kMaxFound);
}

TEST_F(CatalogueCopy, ANewNameReplacesTheOldOne) {
    list("LATTE", "Latte", 4.99, 1);
    list("LATTE", "Cortado", 5.5, 2);
    EXPECT_EQ(ids("cortado"), Ids{"LATTE"});
    EXPECT_EQ(find("cortado")[0].price, 5.5);
    // Its id is still what it was.
    EXPECT_EQ(find("latte")[0].name, "Cortado");
}

TEST_F(CatalogueCopy, StockAndBulkPricesWaitForTheirProduct) {
    EXPECT_TRUE(stock("LATTE", 7, 1));
    EXPECT_TRUE(bulk("LATTE", 3.49, std::nullopt, 1));
    EXPECT_EQ(ids("latte"), Ids{});
    list("LATTE", "Latte", 4.99);
    const auto found = find("latte");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].stock_level, 7);
    EXPECT_EQ(found[0].bulk, (BulkPrice{.quantity = 100, .price = 3.49}));
    EXPECT_TRUE(bulk("LATTE", std::nullopt, std::nullopt, 2));
    EXPECT_EQ(find("latte")[0].bulk, std::nullopt);
}

// Two instances of pricing have a price each in hand: which of them tells first, and at what time, says
// nothing.
TEST_F(CatalogueCopy, ABulkPriceCountsWhileTheProductCostsWhatItIsOf) {
    list("LATTE", "Latte", 5, 1);
    EXPECT_TRUE(bulk("LATTE", 3.5, 5, 10));
    EXPECT_TRUE(bulk("LATTE", 2.8, 4, 10));
    EXPECT_TRUE(bulk("LATTE", 2.1, 3, 11));
    EXPECT_EQ(bulk_price("latte"), 3.5);
    list("LATTE", "Latte", 4, 2);
    EXPECT_EQ(bulk_price("latte"), 2.8);
    list("LATTE", "Latte", 6, 3);
    EXPECT_EQ(bulk_price("latte"), 0);
    EXPECT_TRUE(bulk("LATTE", 4.2, 6, 9));
    EXPECT_EQ(bulk_price("latte"), 4.2);
}

TEST_F(CatalogueCopy, OfOnePriceTheLaterBulkPriceCounts) {
    list("LATTE", "Latte", 5, 1);
    EXPECT_TRUE(bulk("LATTE", 3.5, 5, 10));
    EXPECT_FALSE(bulk("LATTE", 9, 5, 9));
    EXPECT_EQ(bulk_price("latte"), 3.5);
    EXPECT_TRUE(bulk("LATTE", std::nullopt, 5, 11));
    EXPECT_EQ(bulk_price("latte"), 0);
}

TEST_F(CatalogueCopy, ABulkPriceOfNobodyKnowsWhichPriceIsBetterThanNone) {
    list("LATTE", "Latte", 5, 1);
    EXPECT_TRUE(bulk("LATTE", 3, std::nullopt, 10));
    EXPECT_EQ(bulk_price("latte"), 3);
    EXPECT_TRUE(bulk("LATTE", 3.5, 5, 9));
    EXPECT_EQ(bulk_price("latte"), 3.5);
}

TEST_F(CatalogueCopy, KeepsTheListedPriceAndTheLatestOnes) {
    list("LATTE", "Latte", 500, 1);
    for (int price = 500; price < 600; ++price) EXPECT_TRUE(bulk("LATTE", price / 2.0, price, price));
    EXPECT_EQ(bulk_price("latte"), 250);
    list("LATTE", "Latte", 599, 2);
    EXPECT_EQ(bulk_price("latte"), 299.5);
    list("LATTE", "Latte", 510, 3);
    EXPECT_EQ(bulk_price("latte"), 0);
}

TEST_F(CatalogueCopy, StockGoesByItsVersion) {
    list("LATTE", "Latte", 5);
    EXPECT_TRUE(stock("LATTE", 7, 10, 2));
    EXPECT_TRUE(stock("LATTE", 6, 10, 3));
    EXPECT_FALSE(stock("LATTE", 7, 11, 2));
    EXPECT_EQ(find("latte")[0].stock_level, 6);
    EXPECT_TRUE(stock("LATTE", 5, 9, 4));
    EXPECT_EQ(find("latte")[0].stock_level, 5);
    EXPECT_FALSE(stock("LATTE", 1, 8));  // of a sender that tells no version
}

TEST_F(CatalogueCopy, OldNewsChangeNothing) {
    EXPECT_TRUE(list("LATTE", "Latte", 4.99, 5));
    EXPECT_FALSE(list("LATTE", "Mocha", 1, 4));
    EXPECT_FALSE(unlist("LATTE", 4));
    EXPECT_TRUE(stock("LATTE", 7, 5));
    EXPECT_FALSE(stock("LATTE", 3, 4));
    EXPECT_EQ(find("latte")[0].price, 4.99);
    EXPECT_EQ(find("latte")[0].stock_level, 7);
}

TEST_F(CatalogueCopy, WhatIsGoneIsNotFoundUntilItIsBack) {
    list("LATTE", "Latte", 4.99, 1);
    EXPECT_TRUE(unlist("LATTE", 3));
    EXPECT_EQ(ids("latte"), Ids{});
    EXPECT_FALSE(list("LATTE", "Latte", 4.99, 2));
    EXPECT_EQ(ids("latte"), Ids{});
    EXPECT_TRUE(list("LATTE", "Latte", 5.5, 4));
    EXPECT_EQ(ids("latte"), Ids{"LATTE"});
    EXPECT_TRUE(unlist("NEVERSEEN", 1));
}

}  // namespace
}  // namespace loadgen::services::search
