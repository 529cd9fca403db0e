#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "support.hpp"

namespace loadgen::scenario {
namespace {

constexpr const char* kFlow = "scenarios:\n  - flow:\n      - get: {url: http://127.0.0.1/}\n";

Loaded load_phases(const std::string& phases, LoadOptions options = {},
                   std::map<std::string, std::string> files = {}) {
    return testing::load("config:\n" + phases + kFlow, std::move(options), std::move(files));
}

std::vector<double> due_seconds(const Loaded& loaded) {
    std::vector<double> due;
    const auto schedule = loaded.load.schedule->clone();
    while (const auto next = schedule->next())
        due.push_back(std::round(static_cast<double>(next->count()) / 1e6) / 1e3);
    return due;
}

TEST(Phases, ConstantRateArrivesAtTheEndOfEachInterval) {
    const Loaded loaded = load_phases("  phases: [{duration: 2, arrivalRate: 2}]\n");
    ASSERT_TRUE(loaded.ok);
    EXPECT_EQ(due_seconds(loaded), (std::vector{0.5, 1.0, 1.5, 2.0}));
}

// Artillery's own test of ramps: two seconds from 6 to 1 are 7 users.
TEST(Phases, RampsHaveArtillerysTotals) {
    EXPECT_EQ(due_seconds(load_phases("  phases: [{duration: 2, arrivalRate: 6, rampTo: 1}]\n")).size(), 7U);
    EXPECT_EQ(due_seconds(load_phases("  phases: [{duration: 1, arrivalRate: 1, rampTo: 5}]\n")).size(), 3U);
    EXPECT_EQ(due_seconds(load_phases("  phases: [{duration: 10, rampTo: 10}]\n")).size(), 50U);
    EXPECT_EQ(due_seconds(load_phases("  phases: [{arrivalRate: 4, rampTo: 4}]\n")).size(), 4U);
}

TEST(Phases, CountsAreSpreadEvenly) {
    const Loaded loaded = load_phases("  phases: [{duration: 10s, arrivalCount: 4}]\n");
    EXPECT_EQ(due_seconds(loaded), (std::vector{2.5, 5.0, 7.5, 10.0}));
}

TEST(Phases, FollowOneAnotherAndPausesAreSilent) {
    const Loaded loaded = load_phases(
        "  phases:\n    - {duration: 1, arrivalCount: 1}\n    - {pause: 3}\n"
        "    - {duration: 2, arrivalRate: 0}\n    - {name: last, duration: 1, arrivalCount: 1, maxVusers: "
        "7}\n");
    EXPECT_EQ(due_seconds(loaded), (std::vector{1.0, 7.0}));
    ASSERT_EQ(loaded.load.phases.size(), 4U);
    EXPECT_EQ(loaded.load.phases[3].name, "last");
    ASSERT_EQ(loaded.plan->phases.size(), 4U);
    EXPECT_EQ(loaded.plan->phases[3].max_users, 7U);
    EXPECT_EQ(loaded.plan->phases[0].max_users, 0U);
}

TEST(Phases, WithoutAnyOneUserArrivesInOneSecond) {
    EXPECT_EQ(due_seconds(testing::load(kFlow)), (std::vector{1.0}));
}

TEST(Phases, SoloReplacesThem) {
    LoadOptions options;
    options.solo = true;
    EXPECT_EQ(due_seconds(load_phases("  phases: [{duration: 60, arrivalRate: 100}]\n", options)),
              (std::vector{1.0}));
}

TEST(Phases, MayCountRequestsAndFollowCurves) {
    const Loaded loaded = load_phases(
        "  phases:\n    - {duration: 1, requestRate: 2}\n    - {requestCurve: c.csv}\n    - {curve: c.csv}\n",
        {}, {{"c.csv", "0,1\n2,1\n"}});
    ASSERT_TRUE(loaded.ok) << ::testing::PrintToString(testing::texts_of(loaded));
    EXPECT_EQ(due_seconds(loaded), (std::vector{0.5, 1.0, 2.0, 3.0, 4.0, 5.0}));
    EXPECT_TRUE(loaded.plan->phases[0].per_request);
    EXPECT_TRUE(loaded.plan->phases[1].per_request);
    EXPECT_FALSE(loaded.plan->phases[2].per_request);
}

TEST(Phases, PoissonIsRepeatableFromTheSeed) {
    LoadOptions options;
    options.seed = 7;
    const std::string phases = "  mode: poisson\n  phases: [{duration: 10, arrivalRate: 10}]\n";
    const auto first = due_seconds(load_phases(phases, options));
    EXPECT_EQ(first, due_seconds(load_phases(phases, options)));
    options.seed = 8;
    EXPECT_NE(first, due_seconds(load_phases(phases, options)));
    EXPECT_NEAR(static_cast<double>(first.size()), 100, 50);
}

TEST(Phases, AnInvalidCurveIsToldWithItsLine) {
    const Loaded loaded = load_phases("  phases: [{curve: c.csv}]\n", {}, {{"c.csv", "0,1\n2,x\n"}});
    ASSERT_FALSE(loaded.ok);
    ASSERT_EQ(loaded.findings.size(), 1U);
    EXPECT_TRUE(loaded.findings[0].message.starts_with("c.csv:2:3: ")) << loaded.findings[0].message;
}

}  // namespace
}  // namespace loadgen::scenario
