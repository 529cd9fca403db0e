#include <gtest/gtest.h>

#include "tests/unit/runlog/samples.hpp"

namespace loadgen::runlog {
namespace {

TEST(JsonResults, KeepEveryField) {
    const std::vector<Record> records{full_record(), Record{}};
    const std::string text = write_all(Format::kJson, records, Detail::kInclude);
    for (const std::size_t chunk : {1U, 1000U}) {
        const ReadBack back = read_back(text, chunk);
        EXPECT_EQ(back.error, "");
        ASSERT_EQ(back.records.size(), 2U);
        EXPECT_EQ(write_all(Format::kJson, back.records, Detail::kInclude), text);
    }
}

TEST(JsonResults, HaveVegetasKeysInItsOrder) {
    EXPECT_EQ(describe(full_record(), false),
              R"({"attack":"name","seq":7,"code":200,"timestamp":"2023-11-14T22:13:20.123456789Z",)"
              R"("latency":1500000,"bytes_out":300,"bytes_in":70000,"error":"none, really","body":"AP8=",)"
              R"("method":"PUT","url":"http://127.0.0.1:1/?a=b","headers":{"A":["1","2"],"B":[""]}})"
              "\n");
}

// jq may drop members, reorder them and add its own.
TEST(JsonResults, TakeWhatOtherToolsMakeOfThem) {
    const ReadBack back = read_back("\n {\"code\":404,\"mine\":{\"x\":[1]},\"body\":null,\"seq\":3}\n\n{}");
    EXPECT_EQ(back.error, "");
    ASSERT_EQ(back.records.size(), 2U);
    EXPECT_EQ(back.records[0].code, 404);
    EXPECT_EQ(back.records[0].seq, 3U);
    EXPECT_FALSE(back.records[0].has_body);
}

TEST(JsonResults, NameLineAndMember) {
    const auto error = [](const std::string& line) { return read_back("{\"seq\":1}\n" + line + "\n").error; };
    const std::string start = "input: record 2 at byte 10: line 2, ";
    EXPECT_EQ(
        error(R"({"seq":"1"})"),
        start + "member \"seq\": found a string, expected a whole number from 0 to 18446744073709551615");
    EXPECT_EQ(error(R"({"code":65536})"),
              start + "member \"code\": found a number, expected a whole number from 0 to 65535");
    EXPECT_EQ(error(R"({"latency":0.5})"),
              start + "member \"latency\": found a number, expected a whole number of nanoseconds");
    EXPECT_EQ(
        error(R"({"timestamp":"now"})"),
        start + "member \"timestamp\": found \"now\", expected a time such as 2024-05-06T07:08:09.123Z");
    EXPECT_EQ(error(R"({"body":"?"})"),
              start + "member \"body\": found a string, expected base64 text or null");
    EXPECT_EQ(error(R"({"headers":{"A":"1"}})"),
              start + "member \"headers\": found an object, expected an object of arrays of strings");
    EXPECT_EQ(error(R"({"loadgen":{"cause":"bad luck"}})"),
              start + "member \"loadgen.cause\": found a string, expected the name of a cause");
    EXPECT_EQ(error(R"([1])"), start + "found an array, expected an object with a result");
    EXPECT_EQ(error(R"({"seq":1)"), start + "column 9: found the end of the text, expected ',' or '}'");
}

}  // namespace
}  // namespace loadgen::runlog
