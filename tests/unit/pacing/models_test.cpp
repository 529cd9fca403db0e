// Due instants against values computed elsewhere with exact fractions (Python's fractions, mpmath at 40
// digits).
#include <gtest/gtest.h>

#include "loadgen/pacing/models/constant.hpp"
#include "loadgen/pacing/models/curve.hpp"
#include "loadgen/pacing/models/linear.hpp"
#include "loadgen/pacing/models/pause.hpp"
#include "loadgen/pacing/models/replay.hpp"
#include "loadgen/pacing/models/sine.hpp"
#include "loadgen/pacing/models/spike.hpp"
#include "loadgen/pacing/models/steps.hpp"
#include "support.hpp"

namespace loadgen::pacing {
namespace {

using Dues = std::vector<std::int64_t>;

Rate per_second(std::uint64_t count) {
    return {count, seconds(1)};
}

TEST(Constant, RoundsEachDueInstantUpNotTheInterval) {
    EXPECT_EQ(
        walk(make_constant({7, seconds(60)}, seconds(60))),
        (Dues{8571428572, 17142857143, 25714285715, 34285714286, 42857142858, 51428571429, 60000000000}));
}

TEST(Constant, DoesNotDriftAtAnOddHighRateOverAnHour) {
    const auto model = make_constant(per_second(300'000), seconds(3600));
    EXPECT_EQ(due_of(*model, 1), 3334);
    EXPECT_EQ(due_of(*model, 2), 6667);
    EXPECT_EQ(due_of(*model, 1'079'999'999), 3'599'999'996'667);
    EXPECT_EQ(due_of(*model, 1'080'000'000), 3'600'000'000'000);
    EXPECT_EQ(due_of(*model, 1'080'000'001), -1);
}

TEST(Constant, FirstRequestComesAfterOneIntervalAsInVegeta) {
    const Dues dues = walk(make_constant(per_second(50), seconds(1)));
    EXPECT_EQ(dues.front(), 20'000'000);
    EXPECT_EQ(dues.back(), kSecond);
    EXPECT_EQ(dues.size(), 50U);
}

TEST(Constant, WithoutDurationHasNoEnd) {
    const auto schedule = alone(make_constant({1, seconds(3600)}, std::nullopt));
    EXPECT_EQ(schedule->end(), std::nullopt);
    EXPECT_EQ(schedule->advance(1'000'000), Nanos(3'600'000'000'000) * 1'000'000);
    EXPECT_DOUBLE_EQ(schedule->rate_at(seconds(5)), 1.0 / 3600);
}

TEST(Linear, MatchesTheExactIntegralUp) {
    const auto model = make_linear(per_second(10), per_second(100), seconds(30));
    EXPECT_EQ(due_of(*model, 1), 98'543'381);
    EXPECT_EQ(due_of(*model, 2), 194'335'082);
    EXPECT_EQ(due_of(*model, 3), 287'593'498);
    EXPECT_EQ(due_of(*model, 100), 5'485'837'704);
    EXPECT_EQ(due_of(*model, 825), 20'354'450'673);
    EXPECT_EQ(due_of(*model, 1649), 29'989'998'500);
    EXPECT_EQ(due_of(*model, 1650), 30 * kSecond);
    EXPECT_EQ(due_of(*model, 1651), -1);
    EXPECT_DOUBLE_EQ(model->rate_at(seconds(15)), 55);
    EXPECT_DOUBLE_EQ(model->rate_at(seconds(30)), 0);
}

TEST(Linear, MatchesTheExactIntegralDownToZero) {
    const auto model = make_linear(per_second(100), Rate{}, seconds(10));
    EXPECT_EQ(due_of(*model, 1), 10'005'006);
    EXPECT_EQ(due_of(*model, 2), 20'020'041);
    EXPECT_EQ(due_of(*model, 250), 2'928'932'189);
    EXPECT_EQ(due_of(*model, 499), 9'552'786'405);
    EXPECT_EQ(due_of(*model, 500), 10 * kSecond);
    EXPECT_EQ(walk(model->clone()).size(), 500U);
}

TEST(Linear, MatchesTheExactIntegralForSlowLongAndOddRamps) {
    const auto slow = make_linear(Rate{}, {7, seconds(60)}, seconds(3600));
    EXPECT_EQ(due_of(*slow, 1), 248'423'601'364);
    EXPECT_EQ(due_of(*slow, 209), 3'591'418'342'979);
    EXPECT_EQ(due_of(*slow, 210), 3'600'000'000'000);
    const auto day = make_linear(Rate{}, per_second(1'000'000), seconds(86'400));
    EXPECT_EQ(due_of(*day, 1), 415'692'194);
    EXPECT_EQ(due_of(*day, 1'000'000), 415'692'193'817);
    EXPECT_EQ(due_of(*day, 12'345'678'901), 46'188'021'326'886);
    EXPECT_EQ(due_of(*day, 43'200'000'000), 86'400'000'000'000);
    const auto odd = make_linear({3, seconds(7)}, {5, seconds(11)}, seconds(1000));
    EXPECT_EQ(due_of(*odd, 1), 2'333'168'374);
    EXPECT_EQ(due_of(*odd, 200), 460'247'639'702);
    EXPECT_EQ(due_of(*odd, 441), 998'771'385'444);
}

TEST(Linear, KeepsArtillerysTotals) {
    EXPECT_EQ(walk(make_linear(per_second(6), per_second(1), seconds(2))).size(), 7U);
    EXPECT_EQ(walk(make_linear(per_second(1), per_second(5), seconds(1))).size(), 3U);
    EXPECT_EQ(walk(make_linear(per_second(3), per_second(10), seconds(2))).size(), 13U);
}

TEST(Steps, ClimbAndStopExactlyAtTheLastStair) {
    auto model = make_steps({per_second(10), per_second(10), per_second(25), seconds(10), {}});
    ASSERT_TRUE(model);
    EXPECT_EQ((*model)->duration(), seconds(30));
    EXPECT_DOUBLE_EQ((*model)->rate_at(seconds(9)), 10);
    EXPECT_DOUBLE_EQ((*model)->rate_at(seconds(10)), 20);
    EXPECT_DOUBLE_EQ((*model)->rate_at(seconds(29)), 25);
    EXPECT_EQ(walk(std::move(*model)).size(), 550U);
}

TEST(Steps, GoDownAndHoldTheLastStair) {
    auto model = make_steps({per_second(3), per_second(1), Rate{}, seconds(1), seconds(10)});
    ASSERT_TRUE(model);
    EXPECT_EQ(walk(std::move(*model)),
              (Dues{333'333'334, 666'666'667, kSecond, 1'500'000'000, 2 * kSecond, 3 * kSecond}));
}

TEST(Steps, ForCutsTheStairsShort) {
    auto model = make_steps({per_second(1), per_second(1), per_second(9), seconds(2), seconds(3)});
    ASSERT_TRUE(model);
    EXPECT_EQ((*model)->duration(), seconds(3));
    EXPECT_EQ(walk(std::move(*model)), (Dues{kSecond, 2 * kSecond, 2'500'000'000, 3 * kSecond}));
}

TEST(Steps, RefuseTooManyStairs) {
    const auto model = make_steps({Rate{}, per_second(1), per_second(200'000), seconds(1), {}});
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().message, "more than 100000 steps");
}

TEST(Spike, CountsBaseAndPeak) {
    auto model = make_spike({per_second(10), per_second(1000), seconds(5), seconds(2), seconds(10)});
    ASSERT_TRUE(model);
    EXPECT_DOUBLE_EQ((*model)->rate_at(seconds(6)), 1000);
    const Dues dues = walk(std::move(*model));
    EXPECT_EQ(dues.size(), 10U * 8 + 1000 * 2);
    EXPECT_EQ(dues[49], 5 * kSecond);
    EXPECT_EQ(dues[50], 5 * kSecond + 1'000'000);
}

TEST(Spike, MustLieInside) {
    const auto model = make_spike({per_second(10), per_second(20), seconds(9), seconds(2), seconds(10)});
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().message, "the spike ends at 11s, after the end of the phase at 10s");
}

TEST(Sine, MatchesTheIntegralAtFortyDigits) {
    const auto model =
        make_sine({per_second(100), per_second(50), seconds(10), SineStart::kMeanUp, seconds(20)});
    ASSERT_TRUE(model);
    EXPECT_EQ(due_of(**model, 1), 9'984'342);
    EXPECT_EQ(due_of(**model, 2), 19'937'561);
    EXPECT_EQ(due_of(**model, 500), 3'670'372'519);
    EXPECT_EQ(due_of(**model, 999), 9'989'984'243);
    EXPECT_EQ(due_of(**model, 1000), 10'000'000'000);
    EXPECT_EQ(due_of(**model, 1999), 19'989'984'243);
    EXPECT_EQ(due_of(**model, 2000), 20 * kSecond);
    EXPECT_EQ(due_of(**model, 2001), -1);
    EXPECT_DOUBLE_EQ((*model)->rate_at(Nanos(2'500'000'000)), 150);
}

TEST(Sine, TouchingZeroStillFindsEachRequest) {
    const auto model =
        make_sine({per_second(100), per_second(100), seconds(10), SineStart::kTrough, seconds(20)});
    ASSERT_TRUE(model);
    EXPECT_EQ(due_of(**model, 1), 534'663'849);
    EXPECT_EQ(due_of(**model, 2), 674'383'659);
    EXPECT_EQ(due_of(**model, 500), 5'000'000'000);
    EXPECT_EQ(due_of(**model, 999), 9'465'336'152);
    EXPECT_EQ(due_of(**model, 1500), 15'000'000'000);
    EXPECT_EQ(walk((*model)->clone()).size(), 2000U);
}

TEST(Sine, RefusesNegativeRates) {
    const auto model = make_sine({per_second(10), per_second(11), seconds(10), SineStart::kPeak, {}});
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().message, "amplitude 11/s exceeds the mean 10/s; the rate would be negative");
}

TEST(Curve, RunsThroughItsPointsWithJumps) {
    const auto points = parse_curve("time,rate\n0,10\n30s,100/s\n# jump\n30s,4\n32,4\n", "c.csv");
    ASSERT_TRUE(points) << points.error().message;
    const auto model = make_curve(*points, std::nullopt);
    EXPECT_EQ(due_of(*model, 100), 5'485'837'704);
    EXPECT_EQ(due_of(*model, 1650), 30 * kSecond);
    EXPECT_EQ(due_of(*model, 1651), 30 * kSecond + 250'000'000);
    EXPECT_EQ(walk(model->clone()).size(), 1658U);
}

TEST(Curve, ForCutsOrHolds) {
    const auto points = parse_curve("0,0\n10,10\n", "c.csv");
    ASSERT_TRUE(points);
    EXPECT_EQ(walk(make_curve(*points, seconds(5))).size(), 12U);  // 12.5 by half time
    EXPECT_EQ(walk(make_curve(*points, seconds(12))).size(), 70U);
}

TEST(Curve, ErrorsNameTheirPlace) {
    const auto message = [](std::string_view text) {
        const auto points = parse_curve(text, "c.csv");
        return points ? std::string("accepted") : points.error().message;
    };
    EXPECT_EQ(message("0,1\n5"), "c.csv:2:1: bad point \"5\"; expected time,rate such as 30s,100");
    EXPECT_EQ(message("0,1\nx,2\n"),
              "c.csv:2:1: bad time \"x\"; expected seconds such as 1.5 or a duration such as 90s");
    EXPECT_EQ(message("0,1\n2,-3\n"), "c.csv:2:3: bad rate \"-3\": the count must not be negative");
    EXPECT_EQ(message("1,1\n2,3\n"), "c.csv:1:1: the first point must be at time 0");
    EXPECT_EQ(message("0,1\n3,3\n2,2\n"),
              "c.csv:3:1: the time lies before the point above; times must ascend");
    EXPECT_EQ(message("time,rate\n0,1\n"), "c.csv: a curve needs two points at different times at least");
    EXPECT_EQ(message(""), "c.csv: a curve needs two points at different times at least");
}

TEST(Replay, SortsAndReadsAllNotations) {
    const auto offsets = parse_instants("# recorded\n1.5s\n0.25,200,more\n\n1m\n", "r.txt", {});
    ASSERT_TRUE(offsets) << offsets.error().message;
    EXPECT_EQ(walk(make_replay(*offsets, {})), (Dues{250'000'000, 1'500'000'000, 60 * kSecond}));
    const auto stamps =
        parse_instants("2026-02-28T23:59:59.5Z\n2026-03-01T01:00:00.000000001+01:00\n", "r.txt", {});
    ASSERT_TRUE(stamps) << stamps.error().message;
    EXPECT_EQ(walk(make_replay(*stamps, {})), (Dues{0, 500'000'001}));
}

TEST(Replay, ReadsVegetasCsvResults) {
    const auto instants = parse_instants(
        "1690000000000000250,200,1,0,0,,,,0,GET,http://h/,\n"
        "1690000000000000000,200,1,0,0,,,,1,GET,http://h/,\n",
        "r.csv", {Nanos(1), true});
    ASSERT_TRUE(instants) << instants.error().message;
    EXPECT_EQ(walk(make_replay(*instants, {})), (Dues{0, 250}));
}

TEST(Replay, ErrorsNameTheirPlace) {
    const auto message = [](std::string_view text) {
        const auto instants = parse_instants(text, "r.txt", {});
        return instants ? std::string("accepted") : instants.error().message;
    };
    EXPECT_EQ(
        message("1\n\nsoon\n"),
        "r.txt:3:1: bad instant \"soon\"; expected a number, a duration such as 1.5s, or a timestamp such as "
        "2026-01-31T12:00:00Z");
    EXPECT_EQ(message("1\n2026-01-31T12:00:00Z\n"),
              "r.txt:2:1: timestamps and offsets must not be mixed in one file");
    EXPECT_EQ(message("\n"), "r.txt: no instants");
    EXPECT_EQ(message("1690000000"),
              "r.txt: the last instant lies more than 720h after the start; for absolute times give "
              "origin=first");
}

TEST(Pause, IsSilentAndKeepsTheFraction) {
    const auto load = load_of({"constant rate=1/s for=1500ms", "pause for=10s", "constant rate=1/s for=1s"});
    ASSERT_TRUE(load) << load.error().message;
    EXPECT_EQ(walk(*load->schedule), (Dues{kSecond, 12 * kSecond}));
}

}  // namespace
}  // namespace loadgen::pacing
