#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <future>

#include "services/birthday/http/birth_request.hpp"
#include "services/birthday/store/birthdays.hpp"
#include "services/platform/call.hpp"
#include "tests/unit/services_store/scratch.hpp"

namespace loadgen::services::birthday {
namespace {

using store::test::ScratchFolder;

Result<Date> read(std::string_view body) {
    text::JsonDocument document;
    return read_birth_request(document, body);
}

TEST(BirthRequest, ReadsTheDate) {
    for (const char* body :
         {R"({"dateOfBirth":"2019-04-04"})", R"( { "x":[1,{}], "dateOfBirth" : "2019-04-04" } )",
          R"({"dateOfB\u0069rth":"2019-04-04"})"}) {
        const auto date = read(body);
        ASSERT_TRUE(date.has_value()) << body << ": " << date.error().message;
        EXPECT_EQ(format_date(*date), "2019-04-04");
    }
}

TEST(BirthRequest, TellsBrokenJsonFromTheWrongShape) {
    for (const char* body : {"", "{", "{]", "dateOfBirth=2019-04-04", "{\"dateOfBirth\":\"2019-04-04\"",
                             "{\"dateOfBirth\":\"2019-04-04\"} x", "{\"dateOfBirth\":\"\xff\"}", "[[[["}) {
        const auto date = read(body);
        ASSERT_FALSE(date.has_value()) << body;
        EXPECT_EQ(date.error().message, "bad json input") << body;
    }
    for (const char* body :
         {"null", "[]", "{}", "\"2019-04-04\"", "20190404", R"({"dateOfBirth":null})",
          R"({"dateOfBirth":20190404})", R"({"dateOfBirth":["2019-04-04"]})", R"({"dateOfBirth":{"x":1}})",
          R"({"dateofbirth":"2019-04-04"})", R"({"dateOfBirth":"2019-02-29"})",
          R"({"dateOfBirth":"2019-04-04 "})", R"({"dateOfBirth":"2019-04-04\u0000"})"}) {
        const auto date = read(body);
        ASSERT_FALSE(date.has_value()) << body;
        EXPECT_EQ(date.error().message, "dateOfBirth must be a calendar date in the format yyyy-mm-dd")
            << body;
    }
}

class BirthdayStore : public ::testing::Test {
  protected:
    BirthdayStore() {
        auto opened = store::open_sqlite_store(store::test::options_at(folder_.database()), migrations());
        EXPECT_TRUE(opened.has_value());
        store_ = std::move(*opened);
        reader_ = std::move(*store_->open_reader());
    }

    ScratchFolder folder_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Statements> reader_;
};

TEST_F(BirthdayStore, PutOverwritesAndFindKnowsWhoIsThere) {
    ASSERT_TRUE(
        store::test::write(*store_, put_birthday("foo", *parse_date("2019-04-04"))).get().has_value());
    ASSERT_TRUE(
        store::test::write(*store_, put_birthday("foo", *parse_date("2001-02-03"))).get().has_value());
    const auto found = find_birthday(*reader_, "foo");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(*found, parse_date("2001-02-03").value());
    const auto nobody = find_birthday(*reader_, "bar");
    ASSERT_TRUE(nobody.has_value());
    EXPECT_FALSE(nobody->has_value());
}

TEST_F(BirthdayStore, KeepsTheContractsColumns) {
    ASSERT_TRUE(
        store::test::write(*store_, put_birthday("foo", *parse_date("2019-04-04"))).get().has_value());
    std::string id;
    std::string dob;
    ASSERT_TRUE(reader_
                    ->run("SELECT id, dob FROM birthdays", {},
                          [&](const store::Row& row) {
                              id = row.text(0);
                              dob = row.text(1);
                          })
                    .has_value());
    // printf foo | sha256sum
    EXPECT_EQ(id, "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
    EXPECT_EQ(dob, "2019-04-04T00:00:00Z");
}

TEST_F(BirthdayStore, ADamagedDateIsAnErrorAndNotAnUnknownUser) {
    ASSERT_TRUE(
        store::test::write(*store_, put_birthday("foo", *parse_date("2019-04-04"))).get().has_value());
    for (const char* damage : {"UPDATE birthdays SET dob = 'soon'",
                               "UPDATE birthdays SET dob = '2019-04-31T00:00:00Z'", "DROP TABLE birthdays"}) {
        ASSERT_TRUE(store::test::write(
                        *store_, [damage](store::Statements& statements) { return statements.run(damage); })
                        .get()
                        .has_value());
        const auto found = find_birthday(*reader_, "foo");
        ASSERT_FALSE(found.has_value()) << damage;
        EXPECT_EQ(found.error().code, ErrorCode::kIo);
    }
}

}  // namespace
}  // namespace loadgen::services::birthday
