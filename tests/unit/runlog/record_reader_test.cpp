#include "common/runlog/record_reader.hpp"

#include <gtest/gtest.h>

#include "tests/unit/runlog/samples.hpp"

namespace loadgen::runlog {
namespace {

Record at(std::int64_t unix_ns, std::string attack = "") {
    Record record;
    record.timestamp = {unix_ns};
    record.attack = std::move(attack);
    return record;
}

/// A reader over bytes that it owns.
class OwnedInput final : public ByteInput {
  public:
    explicit OwnedInput(std::string bytes) : bytes_(std::move(bytes)), input_(bytes_, 100) {}
    Result<std::size_t> read(std::span<char> space) override { return input_.read(space); }

  private:
    std::string bytes_;
    MemoryInput input_;
};

std::unique_ptr<RecordReader> reader_of(Format format, const std::vector<Record>& records,
                                        std::size_t cut = 0) {
    std::string bytes = write_all(format, records, Detail::kInclude);
    bytes.resize(bytes.size() - cut);
    return *open_records(std::string(format_name(format)), std::make_unique<OwnedInput>(std::move(bytes)));
}

struct Drained {
    std::string order;
    std::string error;
    bool cut_off = false;
};

Drained drain(RecordReader& reader) {
    Drained drained;
    Record record;
    while (true) {
        const auto more = reader.next(record);
        if (!more) drained.error = more.error().message;
        drained.cut_off = reader.cut_off();
        if (!more || !*more) return drained;
        drained.order += record.attack;
    }
}

TEST(OpenRecords, TellsEncodingsApart) {
    for (const Format format : {Format::kGob, Format::kJson, Format::kCsv}) {
        EXPECT_EQ(read_back(write_all(format, {at(1), at(2)}, Detail::kOmit), 1).records.size(), 2U);
    }
}

TEST(OpenRecords, SaysWhatItFoundInstead) {
    EXPECT_EQ(read_back("").error, "input: is empty, expected results in gob, JSON or CSV");
    EXPECT_EQ(read_back("GET http://localhost/\n").error,
              "input: starts with \"GET http://localhost/.\", expected results in gob, JSON or CSV");
    EXPECT_EQ(read_back("1,2,3\n").error,
              "input: starts with \"1,2,3.\", expected results in gob, JSON or CSV");
    EXPECT_EQ(read_back(std::string(3000, '\0')).records.size(), 0U);
}

TEST(OpenRecords, BoundsTheSizeOfARecord) {
    Record large = at(1);
    large.has_body = true;
    large.body.assign(1'000'000, 'x');
    const std::string bytes = write_all(Format::kJson, {large}, Detail::kOmit);
    auto reader = open_records("big.json", std::make_unique<MemoryInput>(bytes), 600'000);
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->next(large).error().message,
              "big.json: record 1 at byte 0: the record is larger than 600000 bytes");
    EXPECT_EQ(read_back(bytes).records.at(0).body.size(), 1'000'000U);
}

TEST(MergeByTime, OrdersAcrossEncodings) {
    std::vector<std::unique_ptr<RecordReader>> inputs;
    inputs.push_back(reader_of(Format::kGob, {at(10, "a"), at(40, "d"), at(40, "e")}));
    inputs.push_back(reader_of(Format::kCsv, {at(20, "b"), at(50, "f")}));
    inputs.push_back(reader_of(Format::kJson, {at(30, "c")}));
    const auto merged = merge_by_time(std::move(inputs));
    EXPECT_EQ(drain(*merged).order, "abcdef");
}

TEST(MergeByTime, NoInputIsNoRecord) {
    EXPECT_EQ(drain(*merge_by_time({})).order, "");
}

// A file cut off costs its own tail, not the records of the others.
TEST(MergeByTime, TellsOfACutOffInputLast) {
    std::vector<std::unique_ptr<RecordReader>> inputs;
    inputs.push_back(reader_of(Format::kGob, {at(10, "a"), at(20, "b")}, 1));
    inputs.push_back(reader_of(Format::kGob, {at(15, "c"), at(30, "d")}));
    const Drained drained = drain(*merge_by_time(std::move(inputs)));
    EXPECT_EQ(drained.order, "acd");
    EXPECT_TRUE(drained.cut_off);
    EXPECT_NE(drained.error.find("ends inside a record"), std::string::npos);
}

TEST(MergeByTime, StopsAtABrokenInput) {
    std::vector<std::unique_ptr<RecordReader>> inputs;
    const std::string broken = "{\"attack\":\"a\"}\n{\"seq\":-1}\n{\"attack\":\"z\"}\n";
    inputs.push_back(*open_records("broken", std::make_unique<OwnedInput>(broken)));
    inputs.push_back(reader_of(Format::kGob, {at(15, "c")}));
    const Drained drained = drain(*merge_by_time(std::move(inputs)));
    EXPECT_EQ(drained.order, "a");
    EXPECT_FALSE(drained.cut_off);
}

TEST(SortingReader, OrdersWithinItsWindow) {
    const std::vector<Record> records{at(30, "c"), at(10, "a"), at(20, "b"), at(40, "e"), at(35, "d")};
    SortingReader wide(reader_of(Format::kGob, records), 3);
    EXPECT_EQ(drain(wide).order, "abcde");
    SortingReader narrow(reader_of(Format::kGob, records), 1);
    EXPECT_EQ(drain(narrow).order, "cabed");
}

TEST(SortingReader, KeepsTheOrderOfEquals) {
    SortingReader reader(reader_of(Format::kGob, {at(5, "a"), at(5, "b"), at(5, "c"), at(5, "d")}), 10);
    EXPECT_EQ(drain(reader).order, "abcd");
}

TEST(SortingReader, HandsOutWhatItHoldsBeforeAFault) {
    SortingReader reader(reader_of(Format::kGob, {at(20, "b"), at(10, "a"), at(30, "c")}, 1), 10);
    const Drained drained = drain(reader);
    EXPECT_EQ(drained.order, "ab");
    EXPECT_TRUE(drained.cut_off);
}

}  // namespace
}  // namespace loadgen::runlog
