#include "common/telemetry/logger.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "common/text/json_reader.hpp"

namespace loadgen::telemetry {
namespace {

using ::testing::HasSubstr;

class StringSink final : public LogSink {
  public:
    void write_line(std::string_view line) override { text += line; }
    std::string text;
};

class FixedClock final : public Clock {
  public:
    Instant now() const override { return {}; }
    WallTime wall_now() const override { return WallTime{1735725600'123'456'789}; }
};

TEST(Logger, NamesTheSpanThatALineBelongsTo) {
    StringSink sink;
    const FixedClock clock;
    const Logger logger(sink, LogLevel::kInfo, clock);
    const auto context = parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    logger.log(*context, LogLevel::kInfo, "done", {{"status", std::int64_t{200}}});
    logger.log(SpanContext{}, LogLevel::kInfo, "alone");
    EXPECT_EQ(sink.text,
              "{\"time\":\"2025-01-01T10:00:00.123Z\",\"level\":\"info\",\"message\":\"done\","
              "\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\",\"span_id\":\"b7ad6b7169203331\","
              "\"trace_flags\":\"01\",\"status\":200}\n"
              "{\"time\":\"2025-01-01T10:00:00.123Z\",\"level\":\"info\",\"message\":\"alone\"}\n");
}

TEST(Logger, WritesOneJsonObjectALine) {
    StringSink sink;
    const FixedClock clock;
    const Logger logger(sink, LogLevel::kInfo, clock);
    logger.log(LogLevel::kWarn, "refused \"it\"", {{"requestId", "r-1"}, {"status", std::int64_t{400}}});
    EXPECT_EQ(sink.text,
              "{\"time\":\"2025-01-01T10:00:00.123Z\",\"level\":\"warn\",\"message\":\"refused \\\"it\\\"\","
              "\"requestId\":\"r-1\",\"status\":400}\n");
}

TEST(Logger, IsSilentBelowItsLevel) {
    StringSink sink;
    const Logger logger(sink, LogLevel::kWarn);
    EXPECT_FALSE(logger.enabled(LogLevel::kInfo));
    logger.log(LogLevel::kDebug, "no");
    logger.log(LogLevel::kInfo, "no");
    EXPECT_TRUE(sink.text.empty());
    logger.log(LogLevel::kError, "yes");
    EXPECT_THAT(sink.text, HasSubstr("\"level\":\"error\",\"message\":\"yes\""));
}

TEST(Logger, HostileTextStaysOneValidLine) {
    StringSink sink;
    const Logger logger(sink, LogLevel::kInfo);
    const std::string hostile("a\nb\"}\x00\x1b[31m\xff\xc3", 13);
    logger.log(LogLevel::kInfo, hostile, {{"path", hostile}});
    ASSERT_EQ(std::count(sink.text.begin(), sink.text.end(), '\n'), 1);
    text::JsonDocument document;
    auto line = document.parse(sink.text);
    ASSERT_TRUE(line.has_value()) << line.error().message;
    EXPECT_EQ(line->find("path")->as_string()->substr(0, 3), "a\nb");
}

TEST(LogLevel, NamesAreRead) {
    for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError}) {
        EXPECT_EQ(log_level_from_name(log_level_name(level)), level);
    }
    EXPECT_FALSE(log_level_from_name("WARN").has_value());
}

TEST(Rfc3339, CoversTheEdges) {
    const auto text = [](std::int64_t unix_ns) {
        std::string out;
        append_rfc3339(out, WallTime{unix_ns});
        return out;
    };
    EXPECT_EQ(text(0), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(text(-1), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(text(951782399'999'999'999), "2000-02-28T23:59:59.999Z");
    EXPECT_EQ(text(951782400'000'000'000), "2000-02-29T00:00:00.000Z");
}

struct Pipe {
    Pipe() { EXPECT_EQ(::pipe(ends), 0); }
    ~Pipe() {
        ::close(ends[0]);
        if (ends[1] >= 0) ::close(ends[1]);
    }
    std::string read_to_end() {
        ::close(ends[1]);
        ends[1] = -1;
        std::string all;
        char buffer[4096];
        for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
            all.append(buffer, static_cast<std::size_t>(n));
        }
        return all;
    }
    int ends[2];
};

TEST(DescriptorLogSink, WritesEverythingBeforeItGoes) {
    Pipe pipe;
    {
        DescriptorLogSink sink(pipe.ends[1]);
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&sink] {
                for (int k = 0; k < 100; ++k) sink.write_line("0123456789\n");
            });
        }
        for (auto& thread : threads) thread.join();
    }
    const std::string received = pipe.read_to_end();
    EXPECT_EQ(received.size(), 4U * 100U * 11U);
    for (std::size_t at = 0; at < received.size(); at += 11)
        EXPECT_EQ(received.substr(at, 11), "0123456789\n");
}

TEST(DescriptorLogSink, NeverWaitsForAStuckReaderAndCountsWhatItDrops) {
    Pipe pipe;
    const int pipe_bytes = ::fcntl(pipe.ends[1], F_SETPIPE_SZ, 4096);
    ASSERT_GE(pipe_bytes, 4096);
    const std::string line = std::string(999, 'x') + "\n";
    std::string received;
    {
        DescriptorLogSink sink(pipe.ends[1], 10'000);
        // Far more than pipe and queue hold; nobody reads, and yet every call returns.
        for (int i = 0; i < 1000; ++i) sink.write_line(line);
        std::string part(1 << 16, '\0');
        // Reading until the sink says so proves that the count arrives once there is room.
        while (received.find("log lines dropped") == std::string::npos) {
            const ssize_t n = ::read(pipe.ends[0], part.data(), part.size());
            ASSERT_GT(n, 0);
            received.append(part, 0, static_cast<std::size_t>(n));
            sink.write_line("end\n");
        }
    }
    const auto lines = static_cast<std::size_t>(std::count(received.begin(), received.end(), 'x')) / 999;
    EXPECT_LT(lines, 1000U);
    const auto at = received.find("\"count\":");
    ASSERT_NE(at, std::string::npos);
    EXPECT_GE(std::stoul(received.substr(at + 8)), 1U);
}

}  // namespace
}  // namespace loadgen::telemetry
