// No exchange is ever lost: whatever servers do, issued = recorded, and each request of the schedule is
// issued or counted as unsent. `run_plan` checks the first for every run of this folder.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <set>

#include "common/base/random.hpp"
#include "tests/faults/engine/engine_run.hpp"

namespace loadgen::engine::test {
namespace {

constexpr std::array kHttp1Deeds{Deed::kAnswer,      Deed::kAnswer,          Deed::kAnswerAndClose,
                                 Deed::kInterim,     Deed::kCloseBeforeByte, Deed::kResetBeforeByte,
                                 Deed::kResetInBody, Deed::kTruncate,        Deed::kTruncateChunked,
                                 Deed::kGarbage,     Deed::kThrottle,        Deed::kUnavailable,
                                 Deed::kNothing,     Deed::kStallInBody,     Deed::kRedirect};
constexpr std::array kHttp2Deeds{Deed::kAnswer,          Deed::kAnswer,          Deed::kInterim,
                                 Deed::kCloseBeforeByte, Deed::kResetBeforeByte, Deed::kGoawayLost,
                                 Deed::kGoawayRetryable, Deed::kRefuseStream,    Deed::kResetStream,
                                 Deed::kThrottle,        Deed::kNothing,         Deed::kStallInBody,
                                 Deed::kResetInBody,     Deed::kGarbage};

template <std::size_t N>
loadgen::test::Script any_of(const std::array<Deed, N>& deeds, std::uint64_t seed) {
    return
        [deeds, random = std::make_shared<Random>(seed)](const Moment&) { return deeds[random->below(N)]; };
}

/// A plan with everything that may vary chosen by the seed.
plan::RunPlan any_plan(const std::string& url, Random& random, std::uint64_t count) {
    plan::RunPlan plan =
        random.below(2) == 0 ? open_plan(url, count, 2000) : closed_plan(url, count, 1 + random.below(20));
    plan.threads = 1 + static_cast<unsigned>(random.below(3));
    plan.connections.timeout = Nanos(static_cast<std::int64_t>(20 + random.below(60)) * kMillisecond);
    if (random.below(2) == 0) plan.connections.max_connections = 1 + random.below(8);
    if (random.below(3) == 0) plan.max_in_flight = 1 + random.below(30);
    if (random.below(3) == 0) plan.connections.requests_per_connection = 1 + random.below(4);
    if (random.below(3) == 0) plan.connections.max_idle_connections = 1 + random.below(3);
    if (random.below(4) == 0) plan.pace = plan::Pace::kSpin;
    plan.connections.streams = 1 + random.below(10);
    plan.max_redirects = static_cast<int>(random.below(4)) - 1;
    return plan;
}

class ConservationTest : public testing::TestWithParam<std::uint64_t> {};

void expect_each_once(const Outcome& outcome, std::uint64_t count) {
    std::set<std::uint64_t> sequences;
    for (const auto& record : outcome.records) sequences.insert(record.seq);
    EXPECT_EQ(sequences.size(), outcome.records.size()) << "an exchange was recorded twice";
    EXPECT_EQ(outcome.result.issued, count) << outcome.causes();
    if (!sequences.empty()) {
        EXPECT_EQ(*sequences.rbegin(), count - 1);
    }
}

TEST_P(ConservationTest, Http1) {
    Random random(GetParam());
    PeerServer server(any_of(kHttp1Deeds, GetParam()));
    expect_each_once(run_plan(any_plan(server.url(), random, 120)), 120);
}

TEST_P(ConservationTest, Http2) {
    Random random(GetParam());
    PeerServer server(any_of(kHttp2Deeds, GetParam()));
    plan::RunPlan plan = any_plan(server.url(), random, 120);
    plan.connections.protocol = plan::Protocol::kHttp2Cleartext;
    expect_each_once(run_plan(plan), 120);
}

TEST_P(ConservationTest, AStopAtAnyMomentLosesNothing) {
    Random random(GetParam());
    PeerServer server(any_of(kHttp1Deeds, GetParam()));
    plan::RunPlan plan = any_plan(server.url(), random, 2000);
    RunControl control;
    // Stops at a random request, the second time at another one.
    class Stopper final : public RunObserver {
      public:
        Stopper(RunControl& to_stop, std::uint64_t first, std::uint64_t second)
            : control_(to_stop), first_(first), second_(second) {}
        void on_progress(const Progress& progress) override {
            if (progress.issued >= first_ && control_.stop_requests() == 0) control_.request_stop();
            if (progress.issued >= second_ && control_.stop_requests() == 1) control_.request_stop();
        }

      private:
        RunControl& control_;
        std::uint64_t first_;
        std::uint64_t second_;
    } stopper(control, random.below(1000), random.below(1000));
    const Outcome outcome = run_plan(plan, control, &stopper);
    EXPECT_LE(outcome.result.issued, 2000U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ConservationTest, testing::Range<std::uint64_t>(1, 9));

/// The server answers n - 1 times and fails in one way from there on: the n-th step of an exchange's life is
/// the one that goes wrong, for every n and every way.
TEST(FailAtStep, EveryRequestBeforeIsAnsweredAndEveryOneBehindIsAccountedFor) {
    for (const Deed deed : kHttp1Deeds) {
        for (std::uint64_t step = 1; step <= 4; ++step) {
            PeerServer server([=](const Moment& now) { return now.total < step ? Deed::kAnswer : deed; });
            plan::RunPlan plan = closed_plan(server.url(), 4);
            plan.connections.timeout = timeout_for(deed);
            plan.max_redirects = 1;
            const Outcome outcome = run_plan(plan);
            EXPECT_EQ(outcome.result.issued, 4U);
            for (std::uint64_t i = 0; i + 1 < step; ++i) {
                const auto& record = outcome.records.at(i);
                // Where the timeout must be short a busy machine may be too slow for it.
                EXPECT_TRUE(record.code == 200 || record.detail->cause == Cause::kTimeout) << record.error;
            }
        }
    }
}

}  // namespace
}  // namespace loadgen::engine::test
