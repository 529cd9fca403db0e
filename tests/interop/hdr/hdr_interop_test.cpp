// The reference implementation (Java) reads the logs that we write, and its own tool makes the table we make.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "common/base/random.hpp"
#include "common/stats/hdr_log.hpp"
#include "common/stats/hgrm.hpp"

namespace loadgen::stats {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kStartNs = 1'700'000'000'250'000'000;
constexpr int kIntervals = 5;

std::string run(const std::string& command) {
    std::string out;
    FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return "cannot run " + command;
    char buffer[4096];
    while (const std::size_t got = fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, got);
    const int status = pclose(pipe);
    return status == 0 ? out : out + "exit status " + std::to_string(status);
}

LogInterval interval(int number) {
    LogInterval made{number % 2 == 0 ? "" : "write/orders", {kStartNs + number * 1'000'000'000L}, 1s, {}};
    Random random(static_cast<std::uint64_t>(number));
    for (int i = 0; i < 5000; ++i)
        made.histogram.record(Nanos(static_cast<std::int64_t>(5e6 * random.exponential())));
    made.histogram.record(number * 10min);
    return made;
}

class JavaReadsOurLog : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("loadgen-hdr-" + std::to_string(entropy_seed()));
        std::filesystem::create_directory(folder_);
        std::string text;
        append_hdr_log_header(text, {kStartNs}, "Written by loadgen");
        for (int i = 0; i < kIntervals; ++i)
            ASSERT_TRUE(append_hdr_log_interval(text, {kStartNs}, interval(i)));
        std::ofstream(folder_ / "run.hlog", std::ios::binary) << text;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }

  private:
    std::filesystem::path folder_;
};

TEST_F(JavaReadsOurLog, EveryIntervalTagTimeCountAndPercentile) {
    std::string expected;
    for (int i = 0; i < kIntervals; ++i) {
        const LogInterval made = interval(i);
        // Java knows values by their bucket and reports its top.
        const auto top = [](Nanos value) {
            return std::to_string(Histogram::highest_value_at(Histogram::index_of(value.count())));
        };
        const std::int64_t start_ms = made.start.unix_ns / 1'000'000;
        expected += (made.tag.empty() ? "-" : made.tag) + ' ' + std::to_string(start_ms) + ' ' +
                    std::to_string(start_ms + 1000) + ' ' + std::to_string(made.histogram.count()) + ' ' +
                    top(made.histogram.max());
        for (const double q : {0.5, 0.99, 0.999}) expected += ' ' + top(made.histogram.value_at(q));
        expected += '\n';
    }
    EXPECT_EQ(
        run(LOADGEN_JAVA " -cp " LOADGEN_HDR_JAR " " LOADGEN_SOURCE_DIR "/tests/interop/hdr/ReadLog.java " +
            path("run.hlog")),
        expected);
}

TEST_F(JavaReadsOurLog, ItsLogProcessorPrintsOurPercentileTable) {
    const std::string output = run(
        LOADGEN_JAVA " -cp " LOADGEN_HDR_JAR " org.HdrHistogram.HistogramLogProcessor -tag write/orders -i " +
        path("run.hlog") + " -o " + path("run"));
    EXPECT_EQ(output, "");
    std::ifstream file(path("run.hgrm"));
    const std::string theirs{std::istreambuf_iterator<char>(file), {}};
    const std::size_t table = theirs.find("       Value");  // behind two comments on where the data came from
    ASSERT_NE(table, std::string::npos) << theirs;
    // Through the format, as Java got it: without the exact maximum and sum.
    Histogram merged;
    for (const int i : {1, 3}) {
        const Result<DecodedHdr> decoded = decode_hdr(encode_hdr(interval(i).histogram));
        ASSERT_TRUE(decoded);
        merged.merge(decoded->histogram);
    }
    EXPECT_EQ(format_hgrm(merged), theirs.substr(table));
}

}  // namespace
}  // namespace loadgen::stats
