// Values, transactions and conditional writes, the same for every engine.
#include "tests/unit/services_store/contract.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace loadgen::services::store::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array<std::string_view, 1> kValueTables = {
    "CREATE TABLE vals (id INTEGER PRIMARY KEY, whole INTEGER, broken REAL, words TEXT, bytes BLOB) STRICT"};

class StoreValues : public StoreContract {
  protected:
    void SetUp() override {
        store_ = open(options(), kValueTables);
        reader_ = std::move(*store_->open_reader());
    }
    template <typename Value>
    void put(std::string_view column, const Value& value) {
        const std::string sql = "INSERT INTO vals (" + std::string(column) + ") VALUES (?)";
        auto done = write(*store_, [&](Statements& tables) { return tables.run(sql, params(value)); }).get();
        ASSERT_TRUE(done.has_value()) << done.error().message;
    }
    template <typename Read>
    auto newest(std::string_view column, Read read) {
        const std::string sql = "SELECT " + std::string(column) + " FROM vals ORDER BY id DESC LIMIT 1";
        auto found = find_one(*reader_, sql, {}, read);
        EXPECT_TRUE(found.has_value() && found->has_value());
        return found.value().value();
    }

    std::unique_ptr<Store> store_;
    std::unique_ptr<Statements> reader_;
};
INSTANTIATE_FOR_ALL_ENGINES(StoreValues);

TEST_P(StoreValues, IntegersKeepAll64Bits) {
    using Limits = std::numeric_limits<std::int64_t>;
    for (const std::int64_t value : {std::int64_t{0}, Limits::min(), Limits::max()}) {
        put("whole", value);
        EXPECT_EQ(newest("whole", [](const Row& row) { return row.integer(0); }), value);
    }
}

TEST_P(StoreValues, DoublesKeepEveryBit) {
    for (const double value : {0.1, -1.0 / 3.0, 5e-324, 1.7976931348623157e308, 3.0}) {
        put("broken", value);
        EXPECT_EQ(newest("broken", [](const Row& row) { return row.real(0); }), value);
    }
}

TEST_P(StoreValues, TextAndBytesKeepEveryByte) {
    const std::string text("caf\xc3\xa9 '\"\0;", 10);
    put("words", text);
    EXPECT_EQ(newest("words", [](const Row& row) { return std::string(row.text(0)); }), text);
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    put("bytes", Blob{bytes});
    EXPECT_EQ(newest("bytes", [](const Row& row) { return std::string(row.text(0)); }), bytes);
}

TEST_P(StoreValues, NullIsNotEmpty) {
    const auto is_null = [](const Row& row) { return row.is_null(0); };
    const auto read_all = [](const Row& row) {
        return std::string(row.text(0)) + std::to_string(row.integer(0)) + std::to_string(row.real(0));
    };
    for (const std::string_view column : {"whole", "broken", "words", "bytes"}) {
        put(column, std::optional<std::string>());
        EXPECT_TRUE(newest(column, is_null)) << column;
        EXPECT_EQ(newest(column, read_all), "00.000000") << column;
    }
    put("words", "");
    EXPECT_FALSE(newest("words", is_null));
    put("words", std::string_view());
    EXPECT_FALSE(newest("words", is_null));
    put("bytes", Blob{});
    EXPECT_FALSE(newest("bytes", is_null));
}

TEST_P(StoreValues, ParametersTakeWhatServicesHave) {
    enum class Colour : std::uint8_t { kRed = 1, kBlue = 2 };
    auto done = write(*store_, [](Statements& tables) {
                    return tables.run("INSERT INTO vals (id, whole, broken, words) VALUES (?, ?, ?, ?)",
                                      params(7, Colour::kBlue, 2.5, "seven"));
                }).get();
    ASSERT_TRUE(done.has_value()) << done.error().message;
    const auto row = [](const Row& found) {
        return std::to_string(found.integer(0)) + ' ' + std::to_string(found.integer(1)) + ' ' +
               std::string(found.text(2));
    };
    auto all =
        find_all(*reader_, "SELECT id, whole, words FROM vals WHERE broken > ? AND ?", params(2, true), row);
    ASSERT_TRUE(all.has_value());
    EXPECT_THAT(*all, ElementsAre("7 2 seven"));
    auto none = find_one(*reader_, "SELECT id, whole, words FROM vals WHERE id = ?", params(8U), row);
    ASSERT_TRUE(none.has_value());
    EXPECT_EQ(*none, std::nullopt);
}

class StoreTransactions : public StoreContract {};
INSTANTIATE_FOR_ALL_ENGINES(StoreTransactions);

TEST_P(StoreTransactions, AFailedChangeLeavesNothing) {
    const auto store = open();
    const auto failed = write(*store, [](Statements& tables) {
                            auto done = insert_number(1)(tables);
                            if (!done) return done;
                            return tables.run("INSERT INTO nowhere (value) VALUES (2)");
                        }).get();
    EXPECT_FALSE(failed.has_value());
    EXPECT_THAT(numbers_in(*store), IsEmpty());
    EXPECT_TRUE(write(*store, insert_number(3)).get().has_value());
    EXPECT_THAT(numbers_in(*store), ElementsAre(3));
}

TEST_P(StoreTransactions, AChangeSeesItselfAndReadersSeeItAfterTheCommit) {
    const auto store = open();
    auto reader = std::move(*store->open_reader());
    const auto count = [](Statements& tables) {
        return find_one(tables, "SELECT count(*) FROM numbers", {},
                        [](const Row& row) { return row.integer(0); })
            .value()
            .value();
    };
    std::int64_t inside = -1;
    std::int64_t outside = -1;
    auto done = write(*store, [&](Statements& tables) {
                    auto inserted = insert_number(1)(tables);
                    inside = count(tables);
                    outside = count(*reader);
                    return inserted;
                }).get();
    ASSERT_TRUE(done.has_value());
    EXPECT_EQ(inside, 1);
    EXPECT_EQ(outside, 0);
    EXPECT_EQ(count(*reader), 1);
}

TEST_P(StoreTransactions, ChangesCommitInTheOrderOfTheCalls) {
    const auto store = open();
    std::vector<std::future<Result<void>>> answers;
    std::vector<std::int64_t> order;  // the writer's thread only, until all have been answered
    for (std::int64_t i = 0; i < 1000; ++i) {
        answers.push_back(write(*store, [i, &order](Statements& tables) {
            order.push_back(i);
            return insert_number(i)(tables);
        }));
    }
    for (auto& answer : answers) ASSERT_TRUE(answer.get().has_value());
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_EQ(numbers_in(*store).size(), 1000U);
}

TEST_P(StoreTransactions, ChangesTellsHowManyRowsTheLastStatementChanged) {
    const auto store = open();
    std::vector<std::int64_t> counts;
    auto done =
        write(*store, [&](Statements& tables) -> Result<void> {
            for (const std::string_view sql : {"INSERT INTO numbers (value) VALUES (1), (2), (3)",
                                               "UPDATE numbers SET value = value + 10 WHERE value > 1",
                                               "DELETE FROM numbers WHERE value = 99"}) {
                auto ran = tables.run(sql);
                if (!ran) return ran;
                counts.push_back(tables.changes());
            }
            return {};
        }).get();
    ASSERT_TRUE(done.has_value());
    EXPECT_THAT(counts, ElementsAre(3, 2, 0));
}

TEST_P(StoreTransactions, AConditionalWriteHappensOnceAVersion) {
    const std::array<std::string_view, 1> table = {
        "CREATE TABLE accounts (id TEXT PRIMARY KEY, points INTEGER NOT NULL, version INTEGER NOT NULL)"};
    const auto store = open(options(), table);
    const auto set_points = [&store](int points, int version) {
        bool changed = false;
        auto done =
            write(*store, [&](Statements& tables) -> Result<void> {
                auto ran = run_changed(
                    tables,
                    "UPDATE accounts SET points = ?, version = version + 1 WHERE id = 'a' AND version = ?",
                    params(points, version));
                if (!ran) return std::move(ran).error();
                changed = *ran;
                return {};
            }).get();
        EXPECT_TRUE(done.has_value());
        return changed;
    };
    EXPECT_FALSE(set_points(5, 1));
    ASSERT_TRUE(
        write(*store,
              [](Statements& tables) { return tables.run("INSERT INTO accounts VALUES ('a', 0, 1)"); })
            .get()
            .has_value());
    EXPECT_TRUE(set_points(10, 1));
    EXPECT_FALSE(set_points(20, 1));
    EXPECT_TRUE(set_points(30, 2));
}

TEST_P(StoreTransactions, TextBehindTheFirstStatementIsRefused) {
    const auto store = open();
    const auto two = write(*store, [](Statements& tables) {
                         return tables.run("INSERT INTO numbers VALUES (1); INSERT INTO numbers VALUES (2)");
                     }).get();
    ASSERT_FALSE(two.has_value());
    EXPECT_EQ(
        two.error().message,
        "store: expected one statement: INSERT INTO numbers VALUES (1); INSERT INTO numbers VALUES (2)");
    EXPECT_FALSE(write(*store, [](Statements& tables) { return tables.run(" "); }).get().has_value());
    EXPECT_TRUE(
        write(*store, [](Statements& tables) { return tables.run("INSERT INTO numbers VALUES (3);\n "); })
            .get()
            .has_value());
    EXPECT_THAT(numbers_in(*store), ElementsAre(3));
}

}  // namespace
}  // namespace loadgen::services::store::test
