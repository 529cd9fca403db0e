#include "loadgen/scenario/dry_run.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "loadgen/pacing/phase_text.hpp"
#include "loadgen/scenario/targets.hpp"
#include "loadgen/scenario/vegeta_http_targets.hpp"

namespace loadgen::scenario {
namespace {

std::string dry_run(const std::vector<std::string>& phases, DryRunOptions options, std::uint64_t seed = 1) {
    const auto load = pacing::parse_load(phases, {seed, {}});
    EXPECT_TRUE(load) << load.error().message;
    TargetOptions targets;
    targets.urls = {"http://h/1", "http://h/\"2\""};
    const auto source = open_targets(targets);
    EXPECT_TRUE(source);
    std::ostringstream out;
    EXPECT_TRUE(write_dry_run(out, *load, **source, options));
    return out.str();
}

TEST(DryRun, PrintsTheWholeSchedule) {
    EXPECT_EQ(
        dry_run({"constant rate=2/s for=1s warmup", "pause for=1s", "constant rate=3/s count=2 name=main"},
                {}),
        "# phase 1 (warm-up) from 0s to 1s: constant rate=2/s for=1s warmup\n"
        "0 500ms GET http://h/1\n"
        "1 1s GET http://h/\"2\"\n"
        "# phase 2 from 1s to 2s: pause for=1s\n"
        "# main from 2s to 2.666666667s: constant rate=3/s count=2 name=main\n"
        "2 2.333333334s GET http://h/1\n"
        "3 2.666666667s GET http://h/\"2\"\n"
        "# end 2.666666667s, 4 requests\n");
}

TEST(DryRun, PrintsJsonLines) {
    EXPECT_EQ(
        dry_run({"constant rate=1/s for=1s", "constant rate=1/s"}, {2, true}),
        "{\"phase\":1,\"name\":\"phase 1\",\"start_ns\":0,\"end_ns\":1000000000,\"warm_up\":false,\"text\":"
        "\"constant rate=1/s for=1s\"}\n"
        "{\"seq\":0,\"due_ns\":1000000000,\"phase\":1,\"method\":\"GET\",\"url\":\"http://h/1\"}\n"
        "{\"phase\":2,\"name\":\"phase "
        "2\",\"start_ns\":1000000000,\"end_ns\":null,\"warm_up\":false,\"text\":"
        "\"constant rate=1/s\"}\n"
        "{\"seq\":1,\"due_ns\":2000000000,\"phase\":2,\"method\":\"GET\",\"url\":\"http://h/\\\"2\\\"\"}\n"
        "{\"requests\":2,\"end_ns\":null,\"complete\":false}\n");
}

TEST(DryRun, TheSameSeedPrintsTheSame) {
    const std::vector<std::string> phases{"poisson rate=100/s for=1s"};
    EXPECT_EQ(dry_run(phases, {}, 5), dry_run(phases, {}, 5));
    EXPECT_NE(dry_run(phases, {}, 5), dry_run(phases, {}, 6));
}

TEST(DryRun, SaysWhatCutItShort) {
    EXPECT_TRUE(dry_run({"constant rate=1/s"}, {3, false}).ends_with("# cut at the limit of 3 requests\n"));
    EXPECT_TRUE(dry_run({"constant rate=1/s for=3s"}, {3, false}).ends_with("# end 3s, 3 requests\n"));
    const auto load = pacing::parse_load({"constant rate=1/s"}, {});
    VegetaHttpTargets once(LineReader("t", bytes_of("GET http://h/\n"), kMaxHttpLine), {});
    std::ostringstream out;
    ASSERT_TRUE(write_dry_run(out, *load, once, {}));
    EXPECT_EQ(out.str(),
              "# phase 1 from 0s on: constant rate=1/s\n0 1s GET http://h/\n"
              "# no targets left after 1 requests\n");
}

}  // namespace
}  // namespace loadgen::scenario
