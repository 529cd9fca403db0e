#include "services/store/change_stream.hpp"

#include <gmock/gmock.h>

#include "common/text/json_reader.hpp"
#include "tests/unit/services_store/tables.hpp"

namespace loadgen::services::store::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const StreamedTable kPoints{.table = "points", .key = {"user_id"}, .columns = {"user_id", "points", "note"}};
const ChangeConsumer kPublisher{.name = "publisher", .table = "points"};
const ChangeConsumer kAuditor{.name = "auditor", .table = "points"};

std::string points_schema() {
    return "CREATE TABLE points (user_id TEXT PRIMARY KEY, points INTEGER NOT NULL, note TEXT, seen INTEGER) "
           "STRICT;" +
           change_log_schema() + change_stream_schema(kPoints);
}

/// "1 insert k - {...}" for each change.
std::vector<std::string> told(const std::vector<ChangeRecord>& changes) {
    constexpr std::array<std::string_view, 3> kNames = {"insert", "update", "delete"};
    std::vector<std::string> lines;
    for (const ChangeRecord& change : changes) {
        lines.push_back(std::to_string(change.sequence) + " " +
                        std::string(kNames.at(static_cast<std::size_t>(change.operation))) + " " +
                        change.key + " " + change.old_image.value_or("-") + " " +
                        change.new_image.value_or("-"));
    }
    return lines;
}

std::vector<std::string> read(Tables& tables, std::int64_t after = 0, std::int64_t limit = 100,
                              const Name& table = "points") {
    auto changes = read_changes(tables.reader(), table, after, limit);
    EXPECT_TRUE(changes.has_value());
    return told(*changes);
}

TEST(ChangeStream, TellsEveryChangeWithTheRowBeforeAndAfter) {
    Tables tables(points_schema());
    tables.sql("INSERT INTO points VALUES ('u1', 5, 'a \"quote\"', 0)");
    tables.sql("UPDATE points SET points = 15, note = NULL WHERE user_id = 'u1'");
    tables.sql("DELETE FROM points");
    EXPECT_THAT(
        read(tables),
        ElementsAre(
            R"(1 insert u1 - {"user_id":"u1","points":5,"note":"a \"quote\""})",
            R"(2 update u1 {"user_id":"u1","points":5,"note":"a \"quote\""} {"user_id":"u1","points":15,"note":null})",
            R"(3 delete u1 {"user_id":"u1","points":15,"note":null} -)"));
}

TEST(ChangeStream, IsSilentWhenNoColumnOfTheImagesChanged) {
    Tables tables(points_schema());
    tables.sql("INSERT INTO points VALUES ('u1', 5, NULL, 0)");
    tables.sql("UPDATE points SET points = 5, seen = 1");
    EXPECT_THAT(read(tables), SizeIs(1));
}

TEST(ChangeStream, TellsWhatUpsertsAndReplacementsDid) {
    Tables tables(points_schema());
    tables.sql("INSERT INTO points VALUES ('u1', 1, NULL, 0)");
    tables.sql(
        "INSERT INTO points VALUES ('u1', 2, NULL, 0) ON CONFLICT (user_id) DO UPDATE SET points = "
        "excluded.points");
    tables.sql("INSERT OR REPLACE INTO points VALUES ('u1', 3, NULL, 0)");
    EXPECT_THAT(
        read(tables),
        ElementsAre(
            R"(1 insert u1 - {"user_id":"u1","points":1,"note":null})",
            R"(2 update u1 {"user_id":"u1","points":1,"note":null} {"user_id":"u1","points":2,"note":null})",
            R"(3 delete u1 {"user_id":"u1","points":2,"note":null} -)",
            R"(4 insert u1 - {"user_id":"u1","points":3,"note":null})"));
}

TEST(ChangeStream, IsPartOfTheTransaction) {
    Tables tables(points_schema());
    const auto failed = write(tables.store(), [](Statements& on) {
                            auto done = on.run("INSERT INTO points VALUES ('u1', 5, NULL, 0)");
                            return done ? on.run("SELECT oops") : done;
                        }).get();
    EXPECT_FALSE(failed.has_value());
    EXPECT_THAT(read(tables), IsEmpty());
}

TEST(ChangeStream, ImagesAreJsonWhateverTheRowHolds) {
    const StreamedTable table{.table = "odd", .key = {"a", "b"}, .columns = {"a", "b", "x", "y"}};
    Tables tables(
        "CREATE TABLE odd (a TEXT, b INTEGER, x REAL, y BLOB, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;" +
        change_log_schema() + change_stream_schema(table));
    tables.sql("INSERT INTO odd VALUES ('k', 1, 9e999, x'00ff')");
    tables.sql("INSERT INTO odd VALUES (char(10) || '\"', 2, 0.5, NULL)");
    const auto changes = read_changes(tables.reader(), "odd", 0, 10);
    ASSERT_TRUE(changes.has_value());
    EXPECT_THAT(told(*changes), ElementsAre(R"(1 insert ["k",1] - {"a":"k","b":1,"x":null,"y":"00FF"})",
                                            R"(2 insert ["\n\"",2] - {"a":"\n\"","b":2,"x":0.5,"y":null})"));
    text::JsonDocument document;
    for (const ChangeRecord& change : *changes) EXPECT_TRUE(document.parse(*change.new_image).has_value());
}

TEST(ChangeStream, ConsumersKeepTheirOwnPlaces) {
    Tables tables(points_schema());
    tables.change([](Statements& on) { return add_change_consumer(on, kPublisher); });
    tables.change([](Statements& on) { return add_change_consumer(on, kAuditor); });
    for (int i = 0; i < 6; ++i) tables.sql("INSERT INTO points VALUES (hex(randomblob(8)), 1, NULL, 0)");
    const auto move = [&](const ChangeConsumer& consumer, std::int64_t from, std::int64_t to) {
        return tables.result([&](Statements& on) { return move_change_cursor(on, consumer, from, to); });
    };
    EXPECT_EQ(change_cursor(tables.reader(), kPublisher).value(), 0);
    EXPECT_THAT(read(tables, 0, 4), SizeIs(4));
    EXPECT_THAT(read(tables, 0, 2), SizeIs(2));  // half of a batch that failed
    EXPECT_TRUE(move(kPublisher, 0, 2));
    EXPECT_FALSE(move(kPublisher, 0, 4));  // another process did the same work
    EXPECT_EQ(change_cursor(tables.reader(), kPublisher).value(), 2);
    EXPECT_EQ(change_cursor(tables.reader(), kAuditor).value(), 0);
    EXPECT_THAT(read(tables, 2), SizeIs(4));
    tables.change([](Statements& on) { return add_change_consumer(on, kPublisher); });
    EXPECT_EQ(change_cursor(tables.reader(), kPublisher).value(), 2);
}

TEST(ChangeStream, AnUnknownConsumerIsNamed) {
    Tables tables(points_schema());
    const auto cursor = change_cursor(tables.reader(), kPublisher);
    ASSERT_FALSE(cursor.has_value());
    EXPECT_EQ(cursor.error().message, "store: publisher is no consumer of points");
    EXPECT_FALSE(tables.result([](Statements& on) { return move_change_cursor(on, kPublisher, 0, 1); }));
}

TEST(ChangeStream, TrimsWhatAllConsumersOfTheTableHaveRead) {
    const StreamedTable other{.table = "other", .key = {"id"}, .columns = {"id"}};
    Tables tables(points_schema() + "CREATE TABLE other (id TEXT PRIMARY KEY) STRICT;" +
                  change_stream_schema(other));
    for (int i = 0; i < 5; ++i) tables.sql("INSERT INTO points VALUES (hex(randomblob(8)), 1, NULL, 0)");
    tables.sql("INSERT INTO other VALUES ('x')");
    const auto trim = [&](std::int64_t limit) {
        return tables.result([limit](Statements& on) { return trim_changes(on, "points", limit); });
    };
    EXPECT_EQ(trim(100), 0);  // nobody has read it
    tables.change([](Statements& on) { return add_change_consumer(on, kPublisher); });
    tables.change([](Statements& on) { return add_change_consumer(on, kAuditor); });
    tables.result([](Statements& on) { return move_change_cursor(on, kPublisher, 0, 5); });
    EXPECT_EQ(trim(100), 0);
    tables.result([](Statements& on) { return move_change_cursor(on, kAuditor, 0, 3); });
    EXPECT_EQ(trim(2), 2);
    EXPECT_EQ(trim(2), 1);
    EXPECT_EQ(trim(2), 0);
    tables.change([](Statements& on) { return remove_change_consumer(on, kAuditor); });
    EXPECT_EQ(trim(100), 2);
    EXPECT_THAT(read(tables, 0, 10, "other"), SizeIs(1));
}

TEST(ChangeStream, NumbersAreNeverUsedTwice) {
    Tables tables(points_schema());
    tables.sql("INSERT INTO points VALUES ('u1', 1, NULL, 0)");
    EXPECT_EQ(tables.result([](Statements& on) { return delete_changes(on, "points", 1, 10); }), 1);
    EXPECT_THAT(read(tables), IsEmpty());
    tables.sql("UPDATE points SET points = 2");
    const auto changes = read_changes(tables.reader(), "points", 1, 10);
    ASSERT_TRUE(changes.has_value());
    EXPECT_THAT(*changes, SizeIs(1));
}

TEST(ChangeStream, ALaterMigrationMayAddColumns) {
    Tables tables(points_schema());
    StreamedTable wider = kPoints;
    wider.columns.push_back("seen");
    const std::string schema = change_stream_schema(wider);
    // One statement at a time, as `run` wants them; a migration takes the whole text.
    for (std::size_t at = 0; at < schema.size();) {
        const bool trigger = schema.compare(at, 6, "CREATE") == 0;
        const std::string_view end = trigger ? "END;" : ";";
        const std::size_t behind = schema.find(end, at) + end.size();
        tables.sql(std::string_view(schema).substr(at, behind - at));
        at = behind;
    }
    tables.sql("INSERT INTO points VALUES ('u1', 1, NULL, 7)");
    EXPECT_THAT(read(tables),
                ElementsAre(R"(1 insert u1 - {"user_id":"u1","points":1,"note":null,"seen":7})"));
}

}  // namespace
}  // namespace loadgen::services::store::test
