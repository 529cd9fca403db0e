#include <gtest/gtest.h>

#include "common/runlog/gob_wire.hpp"
#include "tests/unit/runlog/samples.hpp"

namespace loadgen::runlog {
namespace {

std::string uint_bytes(std::uint64_t number) {
    std::string out;
    gob::append_uint(out, number);
    return out;
}

std::string int_bytes(std::int64_t number) {
    std::string out;
    gob::append_int(out, number);
    return out;
}

// The examples of the package documentation of encoding/gob.
TEST(Gob, NumbersAsDocumented) {
    EXPECT_EQ(uint_bytes(0), std::string("\0", 1));
    EXPECT_EQ(uint_bytes(7), "\x07");
    EXPECT_EQ(uint_bytes(256), std::string("\xFE\x01\x00", 3));
    EXPECT_EQ(int_bytes(-129), std::string("\xFE\x01\x01", 3));
    EXPECT_EQ(int_bytes(-1), "\x01");
    for (const std::int64_t number :
         {INT64_MIN, INT64_MIN + 1, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
        const std::string bytes = int_bytes(number);
        gob::Cursor cursor(bytes);
        EXPECT_EQ(cursor.take_int(), number);
        EXPECT_TRUE(cursor.at_end());
    }
}

TEST(Gob, KeepsEveryField) {
    const std::vector<Record> records{full_record(), Record{}, full_record()};
    const ReadBack back = read_back(write_all(Format::kGob, records, Detail::kInclude));
    EXPECT_EQ(back.error, "");
    ASSERT_EQ(back.records.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(describe(back.records[i]), describe(records[i]));
}

TEST(Gob, LeavesTheDetailOutWhenAsked) {
    const ReadBack back = read_back(write_all(Format::kGob, {full_record()}, Detail::kOmit));
    ASSERT_EQ(back.records.size(), 1U);
    EXPECT_FALSE(back.records[0].detail);
    EXPECT_EQ(describe(back.records[0], false), describe(full_record(), false));
}

// Cut anywhere, a stream gives the whole records before the cut and says that it is cut off, never more.
TEST(Gob, CutAnywhereItSaysSo) {
    const std::string bytes = write_all(Format::kGob, {full_record(), full_record()}, Detail::kInclude);
    const std::string one = write_all(Format::kGob, {full_record()}, Detail::kInclude);
    for (std::size_t size = one.size() + 1; size < bytes.size(); ++size) {
        const ReadBack back = read_back(std::string_view(bytes).substr(0, size));
        EXPECT_EQ(back.records.size(), 1U);
        EXPECT_TRUE(back.cut_off);
        EXPECT_EQ(back.error, "input: record 2 at byte " + std::to_string(one.size()) +
                                  ": the input ends inside a record");
    }
}

// One byte changed anywhere never crashes and never hangs; what is read back stays within the input.
TEST(Gob, SurvivesAnyChangedByte) {
    const std::string bytes = write_all(Format::kGob, {full_record(), full_record()}, Detail::kInclude);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
            std::string changed = bytes;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ flip);
            EXPECT_LE(read_back(changed).records.size(), 2U);
        }
    }
}

/// A stream that describes type 65 as a struct with one field, then a value.
std::string stream_with(std::string_view field, std::int64_t type, std::string_view value) {
    std::string description;
    gob::append_int(description, -65);
    description += std::string("\3\1\1\1R\1\xff\x82\0\1\1\1", 12);
    gob::append_bytes(description, field);
    description += '\1';
    gob::append_int(description, type);
    description += std::string("\0\0\0", 3);
    std::string message;
    gob::append_int(message, 65);
    message += value;
    std::string out;
    gob::append_bytes(out, description);
    gob::append_bytes(out, message);
    return out;
}

TEST(Gob, NamesWhatIsWrong) {
    EXPECT_EQ(read_back(stream_with("Code", gob::kUint, std::string("\1\xfe\1\2\0", 5))).records.at(0).code,
              258);
    EXPECT_EQ(read_back(stream_with("Code", gob::kString, std::string("\1\1x\0", 4))).error,
              "input: record 1 at byte 0: at byte 28 of it: field Code has another type than in vegeta's "
              "results");
    EXPECT_EQ(read_back(stream_with("Code", gob::kUint, std::string("\1\xfd\1\0\0\0", 6))).error,
              "input: record 1 at byte 0: at byte 33 of it: field Code: found 65536, allowed are 0 to 65535");
    EXPECT_EQ(read_back(stream_with("Other", gob::kUint, std::string("\1\1\0", 3))).error,
              "input: record 1 at byte 0: at byte 29 of it: the values are of another kind than vegeta's "
              "results: no field is known");
    EXPECT_EQ(read_back(stream_with("Seq", gob::kUint, std::string("\2\1\0", 3))).error,
              "input: record 1 at byte 0: at byte 28 of it: found a field beyond the 1 that were described");
    EXPECT_EQ(read_back(stream_with("Seq", gob::kUint, std::string("\1\1\0\7", 4))).error,
              "input: record 1 at byte 0: at byte 30 of it: 1 bytes are left over at the end of a message");
    EXPECT_EQ(read_back(stream_with("Error", gob::kString, std::string("\1\x7fx\0", 4))).error,
              "input: record 1 at byte 0: at byte 31 of it: found a length of 127 bytes, the message has 2 "
              "left");
}

}  // namespace
}  // namespace loadgen::runlog
