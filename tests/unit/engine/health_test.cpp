// The generator's verdict on itself: each limit from both sides.
#include "loadgen/engine/health.hpp"

#include <gtest/gtest.h>

#include "loadgen/engine/worker.hpp"
#include "tests/unit/engine/session_driver.hpp"

namespace loadgen::engine::test {
namespace {

constexpr Nanos kMillisecond{1'000'000};

class HealthTest : public testing::Test {
  protected:
    /// 100 exchanges; `late` of them with this delay from due to sent.
    void record(Nanos delay, int late, Cause cause = Cause::kOk) {
        for (int i = 0; i < 100; ++i) {
            Exchange exchange;
            exchange.request = compile(make_request("GET", "http://h/"));
            exchange.sent = exchange.due + (i < late ? delay : Nanos(0));
            exchange.cause = i < late ? cause : Cause::kOk;
            statistics_.record(exchange, Instant(), exchange.sent + kMillisecond);
            ++issued_;
        }
    }

    void lag(Nanos lag, int late) {
        for (int i = 0; i < 100; ++i) statistics_.record_issued(i < late ? lag : Nanos(0));
    }

    /// The findings: "!name" breaks a limit, "name" warns.
    std::string names() {
        std::string text;
        texts_.clear();
        for (const Finding& finding : grade({.plan = plan_,
                                      .statistics = statistics_,
                                      .workers = workers_,
                                      .issued = issued_,
                                      .dropped_results = dropped_,
                                      .results = "the Prometheus metrics",
                                      .largest_clock_step = clock_step_,
                                      .interrupted = interrupted_})) {
            text.append(text.empty() ? "" : " ").append(finding.invalid ? "!" : "").append(finding.name);
            texts_ += finding.text + '\n';
        }
        return text;
    }

    plan::RunPlan plan_;
    Statistics statistics_;
    std::vector<WorkerHealth> workers_{1};
    std::uint64_t issued_ = 0;
    std::uint64_t dropped_ = 0;
    Nanos clock_step_{0};
    bool interrupted_ = false;
    std::string texts_;
};

TEST_F(HealthTest, AHealthyRunHasNoFindings) {
    record(Nanos(0), 0);
    lag(Nanos(50'000), 100);
    EXPECT_EQ(names(), "");
}

TEST_F(HealthTest, TimerLag) {
    lag(9 * kMillisecond, 100);
    EXPECT_EQ(names(), "");
    lag(11 * kMillisecond, 100);
    EXPECT_EQ(names(), "!timer-lag");
    EXPECT_EQ(texts_.substr(0, 32), "requests were taken up late: p99") << texts_;
}

TEST_F(HealthTest, TimerLagOfOneInAHundredIsForgiven) {
    lag(Nanos(3'000'000'000), 1);
    EXPECT_EQ(names(), "");
}

TEST_F(HealthTest, AClosedLoopHasNoSchedule) {
    plan_.closed_loop = plan::ClosedLoop{};
    lag(50 * kMillisecond, 100);
    record(500 * kMillisecond, 100);
    EXPECT_EQ(names(), "");
}

TEST_F(HealthTest, SendDelay) {
    record(99 * kMillisecond, 100);
    EXPECT_EQ(names(), "");
    record(101 * kMillisecond, 100);
    EXPECT_EQ(names(), "!send-delay");
}

TEST_F(HealthTest, SendDelayUnderAnExplicitCapIsAsOrdered) {
    record(500 * kMillisecond, 100);
    plan_.connections.max_connections = 4;
    EXPECT_EQ(names(), "");
    plan_.connections.max_connections = 0;
    plan_.max_in_flight = 4;
    workers_[0].held_back = 1;
    EXPECT_EQ(names(), "held-back");
}

TEST_F(HealthTest, AHandfulOfLateRequestsWarns) {
    lag(50 * kMillisecond, 9);
    EXPECT_EQ(names(), "timer-lag");
    lag(50 * kMillisecond, 1);
    EXPECT_EQ(names(), "!timer-lag");
}

TEST_F(HealthTest, HeldBackWarnsAndExplainsTheLag) {
    workers_[0].held_back = 3;
    lag(50 * kMillisecond, 100);
    plan_.max_in_flight = 7;
    EXPECT_EQ(names(), "held-back");
    EXPECT_EQ(texts_,
              "the cap of 7 requests in flight (-max-workers) held due requests back 3 times; the wait "
              "counts as send "
              "delay and response time\n");
}

TEST_F(HealthTest, Unsent) {
    record(Nanos(0), 0);
    workers_[0].unsent = 1;  // of 101
    EXPECT_EQ(names(), "unsent");
    workers_[0].unsent = 2;  // of 102
    EXPECT_EQ(names(), "!unsent");
    EXPECT_EQ(texts_, "2 requests (2.0 %) were due and never sent; limit 1.0 %\n");
    interrupted_ = true;
    EXPECT_EQ(names(), "unsent");
}

TEST_F(HealthTest, CpuAloneWarnsAndWithLagInvalidates) {
    workers_[0].busiest_cpu = 0.949;
    EXPECT_EQ(names(), "");
    workers_[0].busiest_cpu = 0.951;
    EXPECT_EQ(names(), "cpu");
    lag(2 * kMillisecond, 100);
    EXPECT_EQ(names(), "!cpu");
    plan_.pace = plan::Pace::kSpin;
    EXPECT_EQ(names(), "");
    plan_.pace = plan::Pace::kSleep;
    plan_.closed_loop = plan::ClosedLoop{};
    EXPECT_EQ(names(), "cpu");
}

TEST_F(HealthTest, ExhaustionOfAnyKindInvalidates) {
    record(Nanos(0), 1, Cause::kPorts);
    EXPECT_EQ(names(), "!ports");
    EXPECT_EQ(texts_.substr(0, 58), "local ports ran out (EADDRNOTAVAIL) for 1 requests; use ke");
    record(Nanos(0), 2, Cause::kDescriptors);
    EXPECT_EQ(names(), "!ports !descriptors");
    dropped_ = 1;
    EXPECT_EQ(names(), "!ports !descriptors !results");
    EXPECT_TRUE(
        texts_.ends_with("\n1 records are missing from the Prometheus metrics, which took them too slowly\n"))
        << texts_;
}

TEST_F(HealthTest, ClockSteps) {
    clock_step_ = Nanos(999'999'999);
    EXPECT_EQ(names(), "");
    clock_step_ = Nanos(1'000'000'000);
    EXPECT_EQ(names(), "!clock-step");
}

}  // namespace
}  // namespace loadgen::engine::test
