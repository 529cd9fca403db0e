#include "reports/model/plot_data.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace loadgen::reports {
namespace {

runlog::Record record(std::string attack, std::int64_t due_ns, std::int64_t latency_ns,
                      std::uint16_t code = 200) {
    runlog::Record result;
    result.attack = std::move(attack);
    result.timestamp = WallTime{due_ns};
    result.latency = Nanos(latency_ns);
    result.code = code;
    return result;
}

TEST(PlotData, EachAttackHasASeriesThatStartsAtItsOwnFirstRequest) {
    PlotBuilder builder;
    builder.add(record("a", 1'000'000'500, 10));
    builder.add(record("b", 9'000'000'000, 20));
    builder.add(record("a", 1'000'000'000, 30));  // out of order: this one is first
    builder.add(record("b", 9'000'000'700, 40, 500));
    const PlotData data = builder.finish();
    ASSERT_EQ(data.attacks.size(), 2u);
    EXPECT_EQ(data.attacks[0].name, "a");
    EXPECT_EQ(data.attacks[0].ok, (std::vector<PlotPoint>{{0, 30}, {500, 10}}));
    EXPECT_EQ(data.attacks[0].first_due, WallTime{1'000'000'000});
    EXPECT_EQ(data.attacks[0].end, Nanos(510));
    EXPECT_EQ(data.attacks[1].ok, (std::vector<PlotPoint>{{0, 20}}));
    EXPECT_EQ(data.attacks[1].failures, 1u);
    ASSERT_EQ(data.failures.size(), 1u);
    EXPECT_EQ(data.failures[0], (FailurePoint{700, 40, 40, 0, 1}));
    EXPECT_EQ(data.failure_kinds[0].first_ns, 700);
}

TEST(PlotData, FailuresStayInTheDistribution) {
    PlotBuilder builder;
    builder.add(record("", 0, 1'000'000));
    builder.add(record("", 1, 30'000'000'000, 0));
    const PlotData data = builder.finish();
    EXPECT_EQ(data.attacks[0].response.count(), 2u);
    EXPECT_EQ(data.attacks[0].response.max(), Nanos(30'000'000'000));
    EXPECT_FALSE(data.attacks[0].has_detail);
}

TEST(PlotData, ServiceTimeAndSendDelayAreShownWhereKnown) {
    PlotBuilder builder;
    auto known = record("", 0, 5'000'000);
    known.detail.emplace();
    known.detail->send_delay = Nanos(2'000'000);
    builder.add(known);
    builder.add(record("", 1, 1'000'000));
    const PlotData data = builder.finish();
    EXPECT_TRUE(data.attacks[0].has_detail);
    EXPECT_EQ(data.attacks[0].service.count(), 1u);
    EXPECT_EQ(data.attacks[0].service.max(), Nanos(3'000'000));
    EXPECT_EQ(data.attacks[0].send_delay.max(), Nanos(2'000'000));
}

TEST(PlotData, WarmUpIsCountedAndLeftOut) {
    PlotBuilder builder;
    auto warm = record("", 0, 5'000'000'000, 500);
    warm.detail.emplace();
    warm.detail->warm_up = true;
    builder.add(warm);
    builder.add(record("", 100, 10));
    const PlotData data = builder.finish();
    EXPECT_EQ(data.attacks[0].warm_up, 1u);
    EXPECT_EQ(data.attacks[0].requests, 1u);
    EXPECT_EQ(data.attacks[0].failures, 0u);
    EXPECT_EQ(data.attacks[0].first_due, WallTime{100});
    EXPECT_TRUE(data.failures.empty());
}

TEST(PlotData, NothingInNothingOut) {
    const PlotData data = PlotBuilder().finish();
    EXPECT_TRUE(data.attacks.empty());
    EXPECT_TRUE(data.failures.empty());
}

TEST(PlotData, NumbersNoRunCouldHaveMadeDoNotBreakIt) {
    constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    PlotBuilder builder({.ok_points = 4, .exact_failures = 2});
    for (const std::int64_t time : {kMin, kMax, std::int64_t{0}, kMin + 1, kMax - 1}) {
        for (const std::int64_t latency : {kMin, kMax, std::int64_t{-1}}) {
            builder.add(record("x", time, latency));
            builder.add(record("x", time, latency, 65535));
        }
    }
    const PlotData data = builder.finish();
    EXPECT_EQ(data.attacks[0].requests, 30u);
    std::uint64_t failures = 0;
    for (const FailurePoint& point : data.failures) failures += point.count;
    EXPECT_EQ(failures, 15u);
}

TEST(PlotData, TooManyAttackNamesShareTheLast) {
    PlotBuilder builder;
    for (int i = 0; i < 60; ++i) builder.add(record("attack " + std::to_string(i), i, 1));
    const PlotData data = builder.finish();
    ASSERT_EQ(data.attacks.size(), PlotBuilder::kAttackLimit);
    EXPECT_TRUE(data.attacks_merged);
    EXPECT_EQ(data.attacks.back().requests, 11u);
    EXPECT_EQ(data.attacks.back().name, "(further attacks)");
}

}  // namespace
}  // namespace loadgen::reports
