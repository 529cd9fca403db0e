// Stopping, running dry, draining, warming up, and the caps.
#include <gtest/gtest.h>

#include <algorithm>

#include "loadgen/pacing/models/constant.hpp"
#include "tests/faults/engine/engine_run.hpp"

namespace loadgen::engine::test {
namespace {

/// Asks for a stop once so many requests have reached the server.
class StopAt final : public RunObserver {
  public:
    StopAt(RunControl& control, const PeerServer& server, std::uint64_t requests, int times)
        : control_(control), server_(server), requests_(requests), times_(times) {}
    void on_progress(const Progress& progress) override {
        saw_draining = saw_draining || progress.draining;
        if (server_.requests() >= requests_ && control_.stop_requests() < times_) control_.request_stop();
    }
    bool saw_draining = false;

  private:
    RunControl& control_;
    const PeerServer& server_;
    std::uint64_t requests_;
    int times_;
};

plan::RunPlan endless_plan(const std::string& url, std::uint64_t rate) {
    plan::RunPlan plan = plan_for(url);
    plan.load =
        pacing::make_constant_load({.count = rate, .per = Nanos(1'000'000'000)}, std::nullopt).value();
    return plan;
}

TEST(Control, TheFirstStopWaitsForAnswers) {
    PeerServer server(always(Deed::kAnswer));
    RunControl control;
    StopAt observer(control, server, 50, 1);
    const Outcome outcome = run_plan(endless_plan(server.url(), 500), control, &observer);
    EXPECT_TRUE(outcome.result.interrupted);
    EXPECT_GE(outcome.count(Cause::kOk), 50U);
    EXPECT_EQ(outcome.count(Cause::kCutOff), 0U);
}

TEST(Control, TheFirstStopWaitsUpToTheTimeoutAndTheSecondNotAtAll) {
    PeerServer server(always(Deed::kNothing));
    RunControl control;
    StopAt observer(control, server, 20, 2);
    plan::RunPlan plan = endless_plan(server.url(), 500);
    plan.connections.timeout = Nanos(3'600'000'000'000);
    const Outcome outcome = run_plan(plan, control, &observer);
    EXPECT_TRUE(observer.saw_draining);
    EXPECT_TRUE(outcome.result.interrupted);
    EXPECT_GE(outcome.count(Cause::kCutOff), 20U);
    EXPECT_EQ(outcome.count(Cause::kTimeout), 0U);
}

TEST(Control, AStopInAClosedLoop) {
    PeerServer server(always(Deed::kAnswer));
    RunControl control;
    StopAt observer(control, server, 50, 1);
    plan::RunPlan plan = closed_plan(server.url(), 0, 4);
    plan.threads = 2;
    const Outcome outcome = run_plan(plan, control, &observer);
    EXPECT_TRUE(outcome.result.interrupted);
    EXPECT_EQ(outcome.count(Cause::kOk), outcome.result.issued);
}

TEST(Control, AStopBeforeTheStartSendsNothingOrLittleAndEnds) {
    PeerServer server(always(Deed::kAnswer));
    RunControl control;
    control.request_stop();
    const Outcome outcome = run_plan(endless_plan(server.url(), 100), control);
    EXPECT_TRUE(outcome.result.interrupted);
}

TEST(Control, ADrainCutOffKeepsLatenciesAsLowerBounds) {
    PeerServer server([](const Moment& now) { return now.total <= 5 ? Deed::kAnswer : Deed::kNothing; });
    plan::RunPlan plan = open_plan(server.url(), 10, 100);
    plan.drain = 150 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "ok 5, cut-off 5");
    for (const auto& record : outcome.records) {
        if (record.detail->cause == Cause::kCutOff) {
            EXPECT_GE(record.latency, 150 * kMillisecond);
        }
    }
    EXPECT_EQ(outcome.result.statistics.endpoints().at(0)->failed.response.count(), 5U);
}

// bug: what waited for a connection at the cut-off stayed in its pool's queue after it had been recorded.
TEST(Control, ADrainCutOffWithADialUnderWay) {
    for (int round = 0; round < 5; ++round) {
        PeerServer server(always(Deed::kAnswer), {.accepts = false});
        plan::RunPlan plan = open_plan(server.url(), 20, 2000);
        plan.connections.max_connections = 1;
        plan.connections.timeout = 50 * kMillisecond;  // the dial fails in the moment of the cut-off
        plan.drain = 50 * kMillisecond;
        EXPECT_EQ(run_plan(plan).result.issued, 20U);
    }
}

/// Ends, or fails, after so many requests.
class LazySource final : public plan::RequestSource {
  public:
    LazySource(std::shared_ptr<const plan::Request> request, std::uint64_t count, bool fails)
        : request_(std::move(request)), left_(count), fails_(fails) {}
    Result<std::shared_ptr<const plan::Request>> next() override {
        if (left_-- > 0) return request_;
        if (fails_) return Error{ErrorCode::kSyntax, "targets.txt:11: bad method"};
        return std::shared_ptr<const plan::Request>();
    }

  private:
    std::shared_ptr<const plan::Request> request_;
    std::uint64_t left_;
    bool fails_;
};

TEST(LazySources, RunningDryEndsTheRun) {
    for (const unsigned threads : {1U, 2U}) {
        PeerServer server(always(Deed::kAnswer));
        plan::RunPlan plan = endless_plan(server.url(), 2000);
        plan.threads = threads;
        plan.requests = std::make_shared<LazySource>(get(server.url()), 100, false);
        const Outcome outcome = run_plan(plan);
        EXPECT_EQ(outcome.causes(), "ok 100");
        EXPECT_FALSE(outcome.result.source_error);
    }
}

TEST(LazySources, AFailureEndsTheRunAndIsTold) {
    PeerServer server(always(Deed::kAnswer));
    plan::RunPlan plan = closed_plan(server.url(), 0, 2);
    plan.requests = std::make_shared<LazySource>(get(server.url()), 10, true);
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "ok 10");
    ASSERT_TRUE(outcome.result.source_error);
    EXPECT_EQ(outcome.result.source_error->message, "targets.txt:11: bad method");
}

/// The most exchanges that were on the wire at one moment.
std::size_t most_at_once(const Outcome& outcome) {
    std::vector<std::pair<std::int64_t, int>> changes;  // at one instant ends come before beginnings
    for (const auto& record : outcome.records) {
        const std::int64_t sent = record.timestamp.unix_ns + record.detail->send_delay.count();
        changes.emplace_back(sent, 1);
        changes.emplace_back(record.timestamp.unix_ns + record.latency.count(), -1);
    }
    std::sort(changes.begin(), changes.end());
    int now = 0;
    int most = 0;
    for (const auto& [instant, change] : changes) most = std::max(most, now += change);
    return static_cast<std::size_t>(most);
}

TEST(Caps, ConnectionsAreNeverExceededAndWaitingIsCharged) {
    PeerServer server([](const Moment& now) { return now.total % 10 == 0 ? Deed::kNothing : Deed::kAnswer; });
    plan::RunPlan plan = open_plan(server.url(), 60, 1000);
    plan.connections.max_connections = 2;
    plan.connections.timeout = 40 * kMillisecond;
    plan.drain = Nanos(60'000'000'000);
    const Outcome outcome = run_plan(plan);
    // Every tenth gets no answer; on a busy machine others may be too late as well.
    EXPECT_GE(outcome.count(Cause::kTimeout), 6U);
    EXPECT_EQ(outcome.count(Cause::kTimeout) + outcome.count(Cause::kOk), 60U) << outcome.causes();
    EXPECT_LE(most_at_once(outcome), 2U);
    // Those that are on their way out may still be there for the server when their successors come.
    EXPECT_LE(server.most_open(), 2U + outcome.count(Cause::kTimeout));
    const auto longest = std::max_element(
        outcome.records.begin(), outcome.records.end(),
        [](const auto& a, const auto& b) { return a.detail->send_delay < b.detail->send_delay; });
    EXPECT_GT(longest->detail->send_delay, 10 * kMillisecond);
}

TEST(Caps, RequestsInFlightAreNeverExceededAndWaitingIsCharged) {
    PeerServer server(always(Deed::kNothing));
    plan::RunPlan plan = open_plan(server.url(), 12, 1000);
    plan.max_in_flight = 3;
    plan.connections.timeout = 40 * kMillisecond;
    plan.drain = Nanos(60'000'000'000);
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "timeout 12");
    EXPECT_LE(most_at_once(outcome), 3U);
    // The last three could not leave before three rounds of timeouts were over; that is their send delay.
    EXPECT_GT(outcome.records.back().detail->send_delay, 100 * kMillisecond);
    EXPECT_GT(outcome.records.back().latency, 140 * kMillisecond);
}

TEST(ClosedLoops, EndByCountOnEveryNumberOfThreads) {
    for (const unsigned threads : {1U, 2U, 3U}) {
        for (const std::uint64_t count : {1U, 2U, 7U, 100U}) {
            PeerServer server(always(Deed::kAnswer));
            plan::RunPlan plan = closed_plan(server.url(), count, 5);
            plan.threads = threads;
            EXPECT_EQ(run_plan(plan).causes(), "ok " + std::to_string(count));
            EXPECT_LE(server.most_open(), 5U);
        }
    }
}

/// Doubles the duration until so many requests fit in: a busy machine may not even begin within the first.
Outcome run_long_enough(plan::RunPlan& plan, std::uint64_t requests) {
    for (plan.closed_loop->duration = 100 * kMillisecond;; plan.closed_loop->duration *= 2) {
        Outcome outcome = run_plan(plan);
        if (outcome.result.issued >= requests || testing::Test::HasFailure()) return outcome;
    }
}

TEST(ClosedLoops, EndByDuration) {
    PeerServer server(always(Deed::kAnswer));
    plan::RunPlan plan = closed_plan(server.url(), 0, 2);
    const Outcome outcome = run_long_enough(plan, 3);
    EXPECT_EQ(outcome.count(Cause::kOk), outcome.result.issued);
    for (const auto& record : outcome.records) {
        EXPECT_LT(record.timestamp.unix_ns - outcome.result.start_wall.unix_ns,
                  plan.closed_loop->duration.count());
    }
}

TEST(ClosedLoops, ARefusingServerIsNotHammered) {
    const auto port = std::to_string(loadgen::test::unused_port());
    plan::RunPlan plan = closed_plan("http://127.0.0.1:" + port + "/", 0, 1);
    const Outcome outcome = run_long_enough(plan, 1);
    const auto ticks = static_cast<std::uint64_t>(plan.closed_loop->duration / (10 * kMillisecond));
    EXPECT_LE(outcome.result.issued, ticks + 1);
}

TEST(WarmUp, IsLeftOutOfStatisticsAndMarkedInRecords) {
    PeerServer server([](const Moment& now) { return now.total <= 50 ? Deed::kUnavailable : Deed::kAnswer; });
    plan::RunPlan plan = plan_for(server.url());
    std::vector<pacing::Phase> phases(2);
    for (auto& phase : phases) {
        phase.model = pacing::make_constant({.count = 500, .per = Nanos(1'000'000'000)}, 100 * kMillisecond);
    }
    phases[0].warm_up = true;
    plan.load = pacing::make_load(std::move(phases)).value();
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.result.statistics.warm_up(), 50U);
    EXPECT_EQ(outcome.result.issued, 100U);
    EXPECT_EQ(outcome.result.statistics.count(), 50U);
    for (const auto& record : outcome.records)
        EXPECT_EQ(record.detail->warm_up, record.seq < 50) << record.seq;
}

TEST(Connections, ARequestLimitMakesFreshOnes) {
    PeerServer server(always(Deed::kAnswer));
    plan::RunPlan plan = closed_plan(server.url(), 10);
    plan.connections.requests_per_connection = 3;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "ok 10");
    EXPECT_EQ(server.connections(), 4U);
    for (const auto& record : outcome.records) EXPECT_LE(record.detail->ordinal, 3U);
    EXPECT_EQ(outcome.result.statistics.connections.opened, 4U);
}

TEST(Connections, SourceAddressesAreUsedInTurn) {
    PeerServer server(always(Deed::kAnswer));
    plan::RunPlan plan = closed_plan(server.url(), 4);
    plan.connections.requests_per_connection = 1;
    plan.connections.source_addresses = {"127.0.0.2", "127.0.0.3"};
    EXPECT_EQ(run_plan(plan).causes(), "ok 4");
}

// bug: a source address of another machine was reported as ports that ran out.
TEST(Connections, ASourceAddressOfAnotherMachineIsAUsageError) {
    plan::RunPlan plan = closed_plan("http://127.0.0.1:1/", 1);
    plan.connections.source_addresses = {"192.0.2.1"};
    const auto result = run(plan, nullptr, nullptr, RunControl());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::kUsage);
    EXPECT_EQ(result.error().message,
              "bad source address \"192.0.2.1\": expected an IP address of this machine");
}

// bug: behind GOAWAY the connection was still offered requests, which it could only refuse.
TEST(Connections, BehindGoawayRequestsGoToAFreshConnection) {
    // The first stream of each connection is never answered, the second brings GOAWAY that spares both.
    PeerServer server([](const Moment& now) {
        if (now.connection > 1) return Deed::kAnswer;
        return now.request == 1 ? Deed::kNothing : Deed::kAnswerAndGoaway;
    });
    // Two at a time, so that on no machine anything but these two can be under way when GOAWAY comes.
    plan::RunPlan plan = closed_plan(server.url(), 20, 2);
    plan.connections.protocol = plan::Protocol::kHttp2Cleartext;
    plan.connections.timeout = 1'000 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "ok 19, timeout 1");
}

}  // namespace
}  // namespace loadgen::engine::test
