#include "services/store/full_text.hpp"

#include <gmock/gmock.h>

#include "common/base/random.hpp"
#include "tests/unit/services_store/tables.hpp"

namespace loadgen::services::store::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const FullTextIndex& offers() {
    static const FullTextIndex index(
        "offers", {{"name", 3.0}, {"brand", 2.0}, {"category", 1.5}, {"description", 1.0}});
    return index;
}

class FullText : public ::testing::Test {
  protected:
    void put(std::int64_t row, std::array<std::string_view, 4> texts) {
        tables_.change([&](Statements& on) { return offers().put(on, row, texts); });
    }
    std::vector<std::int64_t> find(std::string_view query, std::int64_t limit = 10, std::int64_t offset = 0) {
        auto found = offers().search(tables_.reader(), query, limit, offset);
        EXPECT_TRUE(found.has_value()) << (found ? "" : found.error().message);
        std::vector<std::int64_t> rows;
        if (!found) return rows;
        for (const FullTextHit& hit : *found) {
            EXPECT_GT(hit.score, 0);
            rows.push_back(hit.row);
        }
        return rows;
    }

    Tables tables_{offers().schema()};
};

TEST_F(FullText, FindsByStemAccentAndBeginning) {
    put(1, {"Verse aardbeien", "Zaanse Hoeve", "Fruit", ""});
    put(2, {"Crème fraîche", "", "Zuivel", "lekker bij aardbeien"});
    put(3, {"Oude kazen", "", "Zuivel", ""});
    put(4, {"СЫР", "", "", ""});
    EXPECT_THAT(find("AARDBEI"), ElementsAre(1, 2));
    EXPECT_THAT(find("creme"), ElementsAre(2));
    EXPECT_THAT(find("CRÈME FRAICHE"), ElementsAre(2));
    EXPECT_THAT(find("kaas"), ElementsAre(3));
    EXPECT_THAT(find("oude kaz"), ElementsAre(3));
    EXPECT_THAT(find("aar zuivel"), IsEmpty());  // a beginning is for the last word only
    EXPECT_THAT(find("zuivel aar"), ElementsAre(2));
    EXPECT_THAT(find("сыр"), ElementsAre(4));  // case of other scripts is the tokenizer's work
    EXPECT_THAT(find("brood"), IsEmpty());
    EXPECT_THAT(find(" ?! "), IsEmpty());
}

TEST_F(FullText, NamesCountMoreThanBrandsCategoriesAndDescriptions) {
    put(1, {"x", "x", "x", "kaas"});
    put(2, {"x", "x", "kaas", "x"});
    put(3, {"x", "kaas", "x", "x"});
    put(4, {"kaas", "x", "x", "x"});
    for (std::int64_t row = 5; row < 40; ++row) put(row, {"x", "x", "x", "x"});  // so that the word is rare
    EXPECT_THAT(find("kaas"), ElementsAre(4, 3, 2, 1));
    EXPECT_THAT(find("kaas", 2, 1), ElementsAre(3, 2));
}

TEST_F(FullText, FollowsChangesInTheirTransaction) {
    put(1, {"kaas", "", "", ""});
    put(1, {"melk", "", "", ""});
    EXPECT_THAT(find("kaas"), IsEmpty());
    EXPECT_THAT(find("melk"), ElementsAre(1));
    const auto undone = write(tables_.store(), [](Statements& on) -> Result<void> {
                            auto removed = offers().remove(on, 1);
                            if (!removed) return removed;
                            return Error{ErrorCode::kUsage, "changed my mind"};
                        }).get();
    EXPECT_FALSE(undone.has_value());
    EXPECT_THAT(find("melk"), ElementsAre(1));
    tables_.change([](Statements& on) { return offers().remove(on, 1); });
    EXPECT_THAT(find("melk"), IsEmpty());
    tables_.sql("INSERT INTO offers (offers) VALUES ('integrity-check')");
}

TEST_F(FullText, HitsJoinTheRowsTheyDescribe) {
    tables_.sql("CREATE TABLE products (id INTEGER PRIMARY KEY, price INTEGER NOT NULL) STRICT");
    tables_.sql("INSERT INTO products VALUES (1, 100), (2, 50)");
    put(1, {"kaas", "", "", ""});
    put(2, {"kaas", "", "", ""});
    const std::string sql = "WITH hits AS MATERIALIZED (" + offers().hits() +
                            ") SELECT id FROM hits JOIN products ON id = hits.row WHERE price < ?2";
    const std::string expression = match_expression("kaas");
    auto found = find_all(tables_.reader(), sql, params(expression, 60),
                          [](const Row& row) { return row.integer(0); });
    ASSERT_TRUE(found.has_value()) << found.error().message;
    EXPECT_THAT(*found, ElementsAre(2));
}

TEST_F(FullText, ADocumentHasATextForEachField) {
    const auto wrong = write(tables_.store(), [](Statements& on) {
                           const std::array<std::string_view, 2> two = {"a", "b"};
                           return offers().put(on, 1, two);
                       }).get();
    ASSERT_FALSE(wrong.has_value());
    EXPECT_EQ(wrong.error().message, "store: a document has 2 texts, its index has 4 fields");
}

/// Pieces that mean something to FTS5 or to SQL, in random order.
std::string nasty_text(Random& random) {
    constexpr std::array<std::string_view, 24> kPieces = {
        "\"",   "'",     "(",     ")", "*",    "^",    "-", "+", ":",    "{",        "}",    " AND ",
        " OR ", " NOT ", "NEAR(", ",", "name", "kaas", " ", ";", "\xc3", "\xc3\xa9", "rank", "--"};
    std::string text;
    for (std::uint64_t pieces = random.below(20); pieces > 0; --pieces) {
        text += kPieces.at(random.below(kPieces.size()));
        if (random.below(10) == 0) text += static_cast<char>(random.below(256));
    }
    return text;
}

TEST_F(FullText, NoTextMakesAnErrorAndEveryTextFindsItself) {
    Random random(7);
    for (int round = 0; round < 3000; ++round) {
        const std::string text = nasty_text(random);
        const std::string expression = match_expression(text);
        ASSERT_TRUE(offers().search(tables_.reader(), text, 1).has_value()) << text << "\n" << expression;
        auto completed = find_all(tables_.reader(), "SELECT rowid FROM offers WHERE offers MATCH ?",
                                  params(expression.empty() ? "\"x\"" : completion_expression(text)),
                                  [](const Row& row) { return row.integer(0); });
        ASSERT_TRUE(completed.has_value()) << text;
    }
    for (int round = 0; round < 50; ++round) {
        const std::string text = nasty_text(random);
        if (match_expression(text).empty()) continue;
        put(1, {text, "", "", ""});
        ASSERT_THAT(find(text), ElementsAre(1)) << text;
    }
}

}  // namespace
}  // namespace loadgen::services::store::test
