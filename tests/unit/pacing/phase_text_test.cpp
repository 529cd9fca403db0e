#include "loadgen/pacing/phase_text.hpp"

#include <gtest/gtest.h>

#include <map>

#include "support.hpp"

namespace loadgen::pacing {
namespace {

using Dues = std::vector<std::int64_t>;

/// Reads from a table instead of the disk.
PhaseContext with_files(std::map<std::string, std::string> files) {
    return {7, [files](const std::string& path) -> Result<std::string> {
                const auto found = files.find(path);
                if (found == files.end())
                    return Error{ErrorCode::kNotFound, path + ": No such file or directory"};
                return found->second;
            }};
}

std::string refused(std::vector<std::string> texts) {
    const Result<Load> load = parse_load(texts, with_files({{"bad.csv", "0,1\n1,x\n"}}));
    return load ? "accepted" : load.error().message;
}

TEST(PhaseText, EveryKindParses) {
    const auto load = parse_load(
        {
            "constant rate=50/s for=60s",
            "linear from=10/s to=100/s for=30s",
            "steps from=10/s by=10/s every=10s to=100/s",
            "sine mean=100/s amplitude=50/s period=1m for=2m start=trough",
            "spike base=10/s peak=1000/s at=5s width=1s for=10s",
            "poisson rate=100/s for=10s",
            "curve file=\"a curve.csv\"",
            "replay file=r.txt unit=ms origin=first",
            "pause for=5s",
            "constant rate=1/s",
        },
        with_files({{"a curve.csv", "0,1\n10,5\n"}, {"r.txt", "1000\n1500\n4000\n"}}));
    ASSERT_TRUE(load) << load.error().message;
    std::vector<std::int64_t> starts;
    for (const PhaseInfo& phase : load->phases) starts.push_back(phase.start.count() / kSecond);
    EXPECT_EQ(starts, (Dues{0, 60, 90, 190, 310, 320, 330, 340, 343, 348}));
    EXPECT_EQ(load->phases.back().end, std::nullopt);
    EXPECT_EQ(load->phases[6].text, "curve file=\"a curve.csv\"");
    EXPECT_EQ(load->phases[6].name, "phase 7");
}

TEST(PhaseText, NamesAndWarmUp) {
    const auto load =
        load_of({"constant rate=1/s for=2s name=\"warm it\" warmup", "constant rate=1/s count=3"});
    ASSERT_TRUE(load) << load.error().message;
    EXPECT_EQ(load->phases[0].name, "warm it");
    EXPECT_TRUE(load->warm_up_at(Nanos(0)));
    EXPECT_TRUE(load->warm_up_at(seconds(2)));  // due exactly on the end: still of this phase
    EXPECT_FALSE(load->warm_up_at(seconds(2) + Nanos(1)));
    EXPECT_EQ(load->phase_at(seconds(5))->name, "phase 2");
    EXPECT_EQ(load->phase_at(seconds(6)), nullptr);
    EXPECT_EQ(load->schedule->end(), seconds(5));
    EXPECT_EQ(walk(*load->schedule).size(), 5U);
}

TEST(PhaseText, CountEndsAPhaseAndTheNextStartsThere) {
    const auto load = load_of({"linear from=0/s to=10/s for=10s count=5", "constant rate=2/s count=2"});
    ASSERT_TRUE(load) << load.error().message;
    // t^2 / 2 = k: sqrt(2k) seconds
    EXPECT_EQ(walk(*load->schedule), (Dues{1'414'213'563, 2 * kSecond, 2'449'489'743, 2'828'427'125,
                                           3'162'277'661, 3'662'277'661, 4'162'277'661}));
}

TEST(PhaseText, KindErrors) {
    EXPECT_EQ(refused({}), "a load needs one phase at least");
    EXPECT_EQ(refused({""}), "phase 1, column 1: empty; expected a kind such as constant, then key=value");
    EXPECT_EQ(refused({"constant rate=1 for=1s", "  liner from=1 to=2 for=1s"}),
              "phase 2, column 3: unknown kind \"liner\"; did you mean \"linear\"? expected one of constant, "
              "linear, "
              "steps, sine, spike, poisson, curve, replay, pause");
    EXPECT_EQ(
        refused({"xyzzy"}),
        "phase 1, column 1: unknown kind \"xyzzy\"; expected one of constant, linear, steps, sine, spike, "
        "poisson, curve, replay, pause");
}

TEST(PhaseText, KeyErrors) {
    EXPECT_EQ(
        refused({"constant rat=1/s"}),
        "phase 1, column 10: unknown key \"rat\"; did you mean \"rate\"? constant takes rate, for, count, "
        "name, warmup");
    EXPECT_EQ(refused({"pause rate=1/s"}),
              "phase 1, column 7: unknown key \"rate\"; pause takes for, name, warmup");
    EXPECT_EQ(refused({"constant rate=1/s rate=2/s"}), "phase 1, column 19: key \"rate\" is given twice");
    EXPECT_EQ(refused({"constant for=1s"}), "phase 1, column 1: constant needs rate=, which is missing");
    EXPECT_EQ(refused({"constant rate"}), "phase 1, column 10: key \"rate\" needs a value: rate=...");
    EXPECT_EQ(refused({"constant rate="}), "phase 1, column 10: key \"rate\" needs a value: rate=...");
    EXPECT_EQ(refused({"constant =5"}), "phase 1, column 10: found '=', expected a key before it");
    EXPECT_EQ(refused({"constant rate=1 name=\"x"}), "phase 1, column 22: the quote is not closed");
    EXPECT_EQ(refused({"constant name=\"x\"y rate=1"}),
              "phase 1, column 18: expected a blank after the quoted value");
}

TEST(PhaseText, ValueErrors) {
    EXPECT_EQ(refused({"constant rate=5x"}),
              "phase 1, column 15: rate: bad rate \"5x\": \"5x\" is not a count; expected a count, or "
              "count/unit such "
              "as 50/s, 100/1m or 3/500ms, or infinity");
    EXPECT_EQ(refused({"constant rate=infinity"}),
              "phase 1, column 15: rate: a phase needs a finite rate; unlimited load is a closed loop");
    EXPECT_EQ(refused({"constant rate=0"}),
              "phase 1, column 15: rate: must be above zero; for silence use pause");
    EXPECT_EQ(refused({"constant rate=5 for=60"}),
              "phase 1, column 21: for: bad duration \"60\": expected a number with a unit of ns, us, ms, s, "
              "m or h, "
              "such as 1m30s or 250ms");
    EXPECT_EQ(refused({"constant rate=5 for=0s"}), "phase 1, column 21: for: must be longer than zero");
    EXPECT_EQ(refused({"constant rate=5 for=-1s"}), "phase 1, column 21: for: must not be negative");
    EXPECT_EQ(refused({"constant rate=5 for=721h"}), "phase 1, column 21: for: must not exceed 720h");
    EXPECT_EQ(refused({"constant rate=5 count=0"}),
              "phase 1, column 23: count: bad count \"0\"; expected a whole number above 0");
    EXPECT_EQ(refused({"constant rate=5 warmup=maybe"}),
              "phase 1, column 24: warmup: found \"maybe\"; expected true, false or nothing");
    EXPECT_EQ(refused({"sine mean=5 amplitude=6 period=1s"}),
              "phase 1, column 1: sine: amplitude 6/s exceeds the mean 5/s; the rate would be negative");
    EXPECT_EQ(refused({"sine mean=5 amplitude=5 period=1s start=top"}),
              "phase 1, column 41: start: found \"top\"; expected one of mean-up, peak, mean-down, trough");
    EXPECT_EQ(refused({"poisson rate=5 count=100000001"}),
              "phase 1, column 22: count: at most 100000000 for poisson; give for= instead");
}

TEST(PhaseText, FileErrors) {
    EXPECT_EQ(refused({"curve file=none.csv"}),
              "phase 1, column 12: file: none.csv: No such file or directory");
    EXPECT_EQ(refused({"curve file=bad.csv"}),
              "bad.csv:2:3: bad rate \"x\": \"x\" is not a count; expected a count, or count/unit such as "
              "50/s, 100/1m "
              "or 3/500ms, or infinity");
    const auto real = parse_load({"replay file=/nonexistent/x"}, {});
    ASSERT_FALSE(real);
    EXPECT_EQ(real.error().message, "phase 1, column 13: file: /nonexistent/x: No such file or directory");
    EXPECT_EQ(real.error().code, ErrorCode::kNotFound);
}

TEST(PhaseText, OrderErrors) {
    EXPECT_EQ(refused({"constant rate=5", "pause for=1s"}),
              "phase 1: has no end, so the phases after it would never run; give for= or count=");
    EXPECT_EQ(refused({"constant rate=1/h count=1000000"}), "phase 1: takes longer than 720h");
}

TEST(Load, ConstantFromRateAndDuration) {
    const auto load = make_constant_load({50, seconds(1)}, seconds(10));
    ASSERT_TRUE(load);
    EXPECT_EQ(walk(*load->schedule).size(), 500U);
    EXPECT_EQ(load->phases[0].text, "constant rate=50/s for=10s");
    const auto unlimited = make_constant_load(Rate{}, seconds(10));
    ASSERT_FALSE(unlimited);
    EXPECT_EQ(unlimited.error().message, "an unlimited rate has no schedule; it needs a closed loop");
}

}  // namespace
}  // namespace loadgen::pacing
