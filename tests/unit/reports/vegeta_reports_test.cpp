// Our reports on vegeta's results against vegeta's reports on them.
//
// Everything but the percentiles has to be equal to the byte. Percentiles: ours have to be the exact order
// statistic (the smallest value with at least q of all values at or below it) to 0.1 % or 64 ns. vegeta's
// come from a t-digest that interpolates; with a compression of 100 its rank is off by at most 2 % here, so
// its value has to lie between the order statistics at q - 0.02 and q + 0.02, one sample further out.
#include "reports/render/vegeta_reports.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "common/base/duration_text.hpp"
#include "common/text/json_reader.hpp"
#include "tests/unit/reports/samples.hpp"

namespace loadgen::reports {
namespace {

struct Sample {
    Metrics metrics;
    std::vector<std::int64_t> latencies;  ///< sorted

    explicit Sample(const std::string& name) {
        for (const runlog::Record& record : golden_records(name + ".gob")) {
            metrics.add(record);
            latencies.push_back(record.latency.count());
        }
        std::sort(latencies.begin(), latencies.end());
    }

    /// The value of rank ceil(q * n), moved by some ranks, within the sample.
    std::int64_t order_statistic(double q, std::int64_t moved = 0) const {
        const auto size = static_cast<std::int64_t>(latencies.size());
        const auto rank = static_cast<std::int64_t>(std::ceil(q * static_cast<double>(size) - 1e-9)) + moved;
        return latencies[static_cast<std::size_t>(std::clamp<std::int64_t>(rank, 1, size) - 1)];
    }

    void expect_exact(double q, std::int64_t ours) const {
        const std::int64_t exact = order_statistic(q);
        EXPECT_LE(std::abs(ours - exact), std::max<std::int64_t>(64, exact / 1000)) << "at " << q;
    }

    void expect_within_digest_error(double q, std::int64_t vegetas) const {
        constexpr double kRankError = 0.02;
        EXPECT_GE(vegetas, order_statistic(q - kRankError, -1)) << "at " << q;
        EXPECT_LE(vegetas, order_statistic(q + kRankError, 1)) << "at " << q;
    }
};

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

class VegetaReports : public testing::TestWithParam<std::string> {};

TEST_P(VegetaReports, TextIsEqualButForPercentiles) {
    const Sample sample(GetParam());
    const auto ours = lines_of(text_report(sample.metrics));
    const auto theirs = lines_of(golden(GetParam() + ".report.txt"));
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
        if (i == 2) continue;  // the line with the percentiles
        EXPECT_EQ(ours[i], theirs[i]);
    }
    // "Latencies  [min, mean, 50, 90, 95, 99, max]  " and the first two and the last figure are equal.
    const std::size_t figures = theirs[2].find("]  ") + 3;
    const std::size_t percentiles = theirs[2].find(", ", theirs[2].find(", ", figures) + 2);
    EXPECT_EQ(ours[2].substr(0, percentiles), theirs[2].substr(0, percentiles));
    EXPECT_EQ(ours[2].substr(ours[2].rfind(", ")), theirs[2].substr(theirs[2].rfind(", ")));
}

TEST_P(VegetaReports, JsonIsEqualButForPercentiles) {
    const Sample sample(GetParam());
    std::string ours = json_report(sample.metrics, nullptr);
    std::string theirs = golden(GetParam() + ".report.json");
    text::JsonDocument our_document;
    text::JsonDocument their_document;
    const auto our_latencies = *our_document.parse(ours)->find("latencies");
    const auto their_latencies = *their_document.parse(theirs)->find("latencies");
    for (const auto& [key, q] : {std::pair{"50th", 0.5}, {"90th", 0.9}, {"95th", 0.95}, {"99th", 0.99}}) {
        sample.expect_exact(q, *our_latencies.find(key)->as_int());
        sample.expect_within_digest_error(q, *their_latencies.find(key)->as_int());
        for (std::string* text : {&ours, &theirs}) {
            const std::size_t begin = text->find("\":", text->find(key)) + 2;
            text->replace(begin, text->find(',', begin) - begin, "?");
        }
    }
    EXPECT_EQ(ours, theirs);
}

INSTANTIATE_TEST_SUITE_P(Golden, VegetaReports, testing::Values("mixed", "steady", "single"));

// vegeta's percentiles of these fourteen values interpolate between 1 ms and 50 min: nothing to compare.
TEST(VegetaText, OddStringsAreAlignedAndListedTheSame) {
    const auto ours = lines_of(text_report(Sample("odd").metrics));
    const auto theirs = lines_of(golden("odd.report.txt"));
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
        if (i == 2) continue;  // the line with the percentiles
        EXPECT_EQ(ours[i], theirs[i]);
    }
    const std::string our_json = json_report(Sample("odd").metrics, nullptr);
    const std::string their_json = golden("odd.report.json");
    const std::string_view tail = std::string_view(their_json).substr(their_json.find("\"max\""));
    EXPECT_EQ(our_json.substr(our_json.find("\"max\"")), tail);
}

TEST(VegetaHist, IsEqual) {
    for (const std::string name : {"mixed", "steady"}) {
        auto buckets = LatencyBuckets::parse("[0,500us,1ms,2ms,10ms,50ms]");
        ASSERT_TRUE(buckets);
        for (const std::int64_t latency : Sample(name).latencies) buckets->add(Nanos(latency));
        EXPECT_EQ(hist_report(*buckets), golden(name + ".hist.txt"));
    }
}

TEST(VegetaBuckets, AreEqualInJson) {
    auto buckets = LatencyBuckets::parse("[1ms,10ms]");
    ASSERT_TRUE(buckets);
    const Sample sample("mixed");
    for (const std::int64_t latency : sample.latencies) buckets->add(Nanos(latency));
    const std::string ours = json_report(sample.metrics, &*buckets);
    const std::string theirs = golden("mixed.buckets.json");
    const auto member = [](const std::string& text) {
        const std::size_t begin = text.find("},\"buckets\"");
        return text.substr(begin, text.find('}', begin + 1) - begin);
    };
    EXPECT_EQ(member(ours), member(theirs));
    EXPECT_EQ(member(ours), R"(},"buckets":{"0":156,"1000000":19,"10000000":25)");
}

TEST(VegetaHdrplot, HasTheSameRows) {
    for (const std::string name : {"mixed", "steady"}) {
        const Sample sample(name);
        const auto ours = lines_of(hdrplot_report(sample.metrics));
        const auto theirs = lines_of(golden(name + ".hdrplot.txt"));
        ASSERT_EQ(ours.size(), theirs.size());
        EXPECT_EQ(ours[0].substr(ours[0].find("Percentile")), theirs[0].substr(theirs[0].find("Percentile")));
        for (std::size_t i = 1; i < ours.size(); ++i) {
            // The value's width moves the other columns.
            const std::string rest = ours[i].substr(ours[i].find_first_not_of(' ', ours[i].find(' ')));
            EXPECT_EQ(rest, theirs[i].substr(theirs[i].find_first_not_of(' ', theirs[i].find(' '))));
            const double q = std::stod(rest);
            sample.expect_exact(q, std::llround(std::stod(ours[i]) * 1e6));
        }
    }
}

TEST(VegetaReportsOfNothing, AreWhatVegetaWouldPrint) {
    EXPECT_EQ(json_report(Metrics(), nullptr),
              R"({"latencies":{"total":0,"mean":0,"50th":0,"90th":0,"95th":0,"99th":0,"max":0,"min":0},)"
              R"("bytes_in":{"total":0,"mean":0},"bytes_out":{"total":0,"mean":0},)"
              R"("earliest":"0001-01-01T00:00:00Z","latest":"0001-01-01T00:00:00Z",)"
              R"("end":"0001-01-01T00:00:00Z","duration":0,"wait":0,"requests":0,"rate":0,"throughput":0,)"
              R"("success":0,"status_codes":{},"errors":[]})"
              "\n");
}

}  // namespace
}  // namespace loadgen::reports
