#include "reports/model/plot_failures.hpp"

#include <limits>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace loadgen::reports {
namespace {

runlog::Record failed(std::uint16_t code, std::string error, std::int64_t latency_ns = 1000) {
    runlog::Record record;
    record.code = code;
    record.error = std::move(error);
    record.latency = Nanos(latency_ns);
    return record;
}

std::string_view group_of(const runlog::Record& record) {
    return failure_group_name(failure_group(record));
}

TEST(Failures, RecordsWithoutACauseAreClassedByStatus) {
    EXPECT_EQ(group_of(failed(0, "EOF")), "no-response");
    EXPECT_EQ(group_of(failed(404, "404 Not Found")), "http-4xx");
    EXPECT_EQ(group_of(failed(429, "")), "throttled");
    EXPECT_EQ(group_of(failed(503, "")), "http-5xx");
    EXPECT_EQ(group_of(failed(101, "")), "other-status");
    EXPECT_EQ(group_of(failed(200, "unexpected EOF")), "other-status");
}

TEST(Failures, ACauseOfOurOwnWins) {
    auto record = failed(200, "body cut short");
    record.detail.emplace();
    record.detail->cause = Cause::kTruncated;
    EXPECT_EQ(group_of(record), "truncated");
}

TEST(Failures, ARequestFailsByStatusErrorOrCause) {
    EXPECT_FALSE(is_failure(failed(200, "")));
    EXPECT_FALSE(is_failure(failed(399, "")));
    EXPECT_TRUE(is_failure(failed(400, "")));
    EXPECT_TRUE(is_failure(failed(199, "")));
    EXPECT_TRUE(is_failure(failed(0, "")));
    EXPECT_TRUE(is_failure(failed(200, "x")));
    auto cut = failed(200, "");
    cut.detail.emplace();
    EXPECT_FALSE(is_failure(cut));
    cut.detail->cause = Cause::kCutOff;
    EXPECT_TRUE(is_failure(cut));
}

TEST(FailureLog, UpToTheLimitEachFailureIsAPoint) {
    FailureLog log(3);
    log.add(0, 30, failed(500, "b", 7));
    log.add(0, 10, failed(500, "a", 5));
    log.add(0, 10, failed(500, "a", 5));  // the same again is still a failure of its own
    const std::vector<FailurePoint> expected{{10, 5, 5, 1, 1}, {10, 5, 5, 1, 1}, {30, 7, 7, 0, 1}};
    EXPECT_EQ(log.points(), expected);
    EXPECT_EQ(log.cell(), Nanos(0));
    ASSERT_EQ(log.kinds().size(), 2u);
    EXPECT_EQ(log.kinds()[1].error, "a");
    EXPECT_EQ(log.kinds()[1].count, 2u);
}

TEST(FailureLog, BeyondTheLimitPointsAreCellsOf100Milliseconds) {
    FailureLog log(3);
    for (const std::int64_t ms : {5, 95, 99, 101}) log.add(0, ms * 1'000'000, failed(0, "x", ms));
    const std::vector<FailurePoint> expected{{0, 99, 5, 0, 3}, {100'000'000, 101, 101, 0, 1}};
    EXPECT_EQ(log.points(), expected);
    EXPECT_EQ(log.cell(), Nanos(100'000'000));
    EXPECT_EQ(log.count(), 4u);
}

TEST(FailureLog, TextsWithoutEndShareARow) {
    FailureLog log(10);
    for (int i = 0; i < 5000; ++i) log.add(0, i, failed(0, "dial :" + std::to_string(i)));
    EXPECT_EQ(log.kinds().size(), FailureLog::kKindLimit + 1);
    EXPECT_EQ(log.kinds().back().error, FailureLog::kOtherText);
    EXPECT_EQ(log.kinds().back().count, 4000u);
}

TEST(FailureLog, EveryStatusThereIsStaysBounded) {
    FailureLog log(10);
    for (int i = 0; i < 65536; ++i) log.add(0, i, failed(static_cast<std::uint16_t>(i), std::to_string(i)));
    EXPECT_LE(log.kinds().size(), 2 * FailureLog::kKindLimit + kFailureGroupCount);
    EXPECT_EQ(log.count(), 65536u);
}

TEST(FailureLog, LongErrorTextsAreCut) {
    FailureLog log(10);
    log.add(0, 0, failed(0, std::string(100'000, 'x')));
    EXPECT_EQ(log.kinds()[0].error.size(), FailureKind::kErrorTextLimit);
}

RC_GTEST_PROP(FailureLogProperty, NoFailureIsEverLost, ()) {
    const auto limit = *rc::gen::inRange<std::size_t>(1, 50);
    const auto span = std::int64_t{1} << *rc::gen::inRange(1, 61);
    FailureLog log(limit);
    std::map<std::string, std::uint64_t> expected;
    std::map<std::string, std::int64_t> longest;
    const int count = *rc::gen::inRange(0, 200);
    for (int i = 0; i < count; ++i) {
        const auto text = std::string(1, *rc::gen::inRange('a', 'd'));
        const auto latency = *rc::gen::inRange<std::int64_t>(0, 1'000'000);
        log.add(0, *rc::gen::inRange<std::int64_t>(-span, span), failed(500, text, latency));
        ++expected[text];
        longest[text] = std::max(longest[text], latency);
    }
    std::map<std::string, std::uint64_t> drawn;
    std::map<std::string, std::int64_t> drawn_longest;
    for (const FailurePoint& point : log.points()) {
        const std::string& text = log.kinds()[point.kind].error;
        drawn[text] += point.count;
        drawn_longest[text] = std::max(drawn_longest[text], point.latency_ns);
    }
    RC_ASSERT(drawn == expected);
    RC_ASSERT(drawn_longest == longest);
    RC_ASSERT(log.points().size() <= std::max(limit, 2 * log.kinds().size()));
}

}  // namespace
}  // namespace loadgen::reports
