// Files made by vegeta are read with the same content, and written back to the same bytes.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/runlog/samples.hpp"

namespace loadgen::runlog {
namespace {

/// Go prints maps in random order: sorted, two of them can be compared.
std::vector<Record> sorted_headers(std::vector<Record> records) {
    for (Record& record : records) std::sort(record.headers.begin(), record.headers.end());
    return records;
}

std::string described(const std::vector<Record>& records) {
    return write_all(Format::kJson, sorted_headers(records), Detail::kOmit);
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, GobCsvAndJsonHoldTheSame) {
    const ReadBack gob = read_back(golden(GetParam() + ".gob"));
    EXPECT_EQ(gob.error, "");
    EXPECT_FALSE(gob.records.empty());
    const ReadBack json = read_back(golden(GetParam() + ".json"));
    EXPECT_EQ(json.error, "");
    EXPECT_EQ(write_all(Format::kCsv, gob.records, Detail::kOmit), golden(GetParam() + ".csv"));
    EXPECT_EQ(write_all(Format::kCsv, json.records, Detail::kOmit), golden(GetParam() + ".csv"));
}

INSTANTIATE_TEST_SUITE_P(Vegeta, Golden, testing::Values("mixed", "single", "zone", "odd"));

TEST(VegetaJson, IsWrittenBackByteForByte) {
    for (const std::string name : {"mixed", "single", "odd"}) {
        EXPECT_EQ(write_all(Format::kJson, read_back(golden(name + ".json")).records, Detail::kOmit),
                  golden(name + ".json"))
            << name;
    }
    // From gob and csv as vegeta does it: these tell no empty body from none, or the reverse.
    EXPECT_EQ(write_all(Format::kJson, read_back(golden("odd.gob")).records, Detail::kOmit),
              golden("odd.gob.json"));
    EXPECT_EQ(write_all(Format::kJson, read_back(golden("odd.csv")).records, Detail::kOmit),
              golden("odd.csv.json"));
    EXPECT_EQ(described(read_back(golden("mixed.csv")).records),
              described(read_back(golden("mixed.csv.json")).records));
    EXPECT_EQ(described(read_back(golden("mixed.gob")).records),
              described(read_back(golden("mixed.json")).records));
}

// vegeta prints the local time of the recording; we print the same instant in UTC.
TEST(VegetaJson, OtherTimeZonesAreTheSameInstants) {
    EXPECT_EQ(described(read_back(golden("zone.gob")).records),
              described(read_back(golden("zone.json")).records));
    EXPECT_NE(golden("zone.json").find("-03:30"), std::string::npos);
}

// ours.gob was written by this program; vegeta decoded it to these.
TEST(VegetaReadsOurs, WithEveryFieldAndWithoutTheDetail) {
    const ReadBack ours = read_back(golden("ours.gob"));
    EXPECT_EQ(ours.error, "");
    ASSERT_EQ(ours.records.size(), 6U);
    EXPECT_TRUE(ours.records[0].detail);
    EXPECT_EQ(write_all(Format::kJson, ours.records, Detail::kOmit), golden("ours.vegeta.json"));
    EXPECT_EQ(write_all(Format::kCsv, ours.records, Detail::kOmit), golden("ours.vegeta.csv"));
    EXPECT_EQ(write_all(Format::kJson, ours.records, Detail::kInclude), golden("ours.source.json"));
    EXPECT_EQ(write_all(Format::kGob, ours.records, Detail::kInclude), golden("ours.gob"));
}

TEST(VegetaGob, ReadsTheSameInPiecesOfAnySize) {
    const std::string bytes = golden("odd.gob");
    const std::string whole = described(read_back(bytes).records);
    for (const std::size_t chunk : {1U, 2U, 3U, 7U, 64U, 1000U}) {
        EXPECT_EQ(described(read_back(bytes, chunk).records), whole) << chunk;
    }
}

// vegeta refuses a second description of a type; files put together with cat are one to us.
TEST(VegetaGob, StreamsInARowAreOne) {
    const ReadBack both = read_back(golden("mixed.gob") + golden("ours.gob") + golden("odd.gob"));
    EXPECT_EQ(both.error, "");
    EXPECT_EQ(both.records.size(), 200U + 6U + 14U);
    EXPECT_EQ(both.records[200].attack, "ours");
    EXPECT_FALSE(both.records[206].detail);
}

}  // namespace
}  // namespace loadgen::runlog
