#include "services/store/expiry.hpp"

#include <gmock/gmock.h>

#include "tests/unit/services_store/tables.hpp"

namespace loadgen::services::store::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const ExpiringTable kTokens{.table = "tokens"};

std::string tokens_schema() {
    return "CREATE TABLE tokens (id TEXT PRIMARY KEY, expires_at INTEGER) STRICT;"
           "INSERT INTO tokens VALUES ('old', 10), ('older', 5), ('now', 20), ('later', 21), ('never', "
           "NULL);" +
           expiry_schema(kTokens);
}

TEST(Expiry, SweepsTheOldestFirstInBoundedSteps) {
    Tables tables(tokens_schema());
    const auto sweep = [&] {
        return tables.result([](Statements& on) { return sweep_expired(on, kTokens, 20, 2); });
    };
    EXPECT_EQ(sweep(), 2);
    EXPECT_THAT(tables.texts("SELECT id FROM tokens ORDER BY id"), ElementsAre("later", "never", "now"));
    EXPECT_EQ(sweep(), 1);
    EXPECT_EQ(sweep(), 0);
    EXPECT_THAT(tables.texts("SELECT id FROM tokens ORDER BY id"), ElementsAre("later", "never"));
}

TEST(Expiry, ReadersLeaveOutWhatHasEndedBeforeItIsSwept) {
    Tables tables(tokens_schema());
    auto seen = find_all(tables.reader(),
                         "SELECT id FROM tokens WHERE (expires_at IS NULL OR expires_at > ?) ORDER BY id",
                         params(20), [](const Row& row) { return std::string(row.text(0)); });
    ASSERT_TRUE(seen.has_value());
    EXPECT_THAT(*seen, ElementsAre("later", "never"));
}

TEST(Expiry, IsAChangeForTablesWithoutRowNumbersToo) {
    const ExpiringTable table{.table = "order", .key = {"pk", "group"}};
    Tables tables(
        "CREATE TABLE \"order\" (pk TEXT, \"group\" TEXT, expires_at INTEGER, PRIMARY KEY (pk, \"group\"))"
        " STRICT, WITHOUT ROWID;"
        "INSERT INTO \"order\" VALUES ('a', '1', 10), ('a', '2', 30), ('b', '1', 10);" +
        expiry_schema(table));
    tables.change(expire(table, 10, 100));
    EXPECT_THAT(tables.texts("SELECT pk || \"group\" FROM \"order\""), ElementsAre("a2"));
}

TEST(Expiry, TheSweepUsesTheIndex) {
    Tables tables(tokens_schema());
    const auto plan = tables.texts(
        "SELECT detail FROM (SELECT 1)"
        " JOIN (SELECT group_concat(name) AS detail FROM pragma_index_list('tokens'))");
    EXPECT_THAT(plan.front(), HasSubstr("tokens_by_expiry"));
    std::string steps;
    ASSERT_TRUE(tables.reader()
                    .run("EXPLAIN QUERY PLAN SELECT rowid FROM tokens WHERE expires_at <= ? ORDER BY "
                         "expires_at LIMIT ?",
                         params(20, 2), [&](const Row& row) { steps.append(row.text(3)).append("\n"); })
                    .has_value());
    EXPECT_EQ(steps, "SEARCH tokens USING COVERING INDEX tokens_by_expiry (expires_at<?)\n");
}

static_assert(is_name("a") && is_name("Order_2") && is_name("order"));
static_assert(!is_name("") && !is_name("2a") && !is_name("_a") && !is_name("a-b") && !is_name("a b") &&
              !is_name("a\"b") && !is_name("sqlite_master") && !is_name("caf\xc3\xa9"));

}  // namespace
}  // namespace loadgen::services::store::test
