// Connections that never come about: who waited for one is charged to the phase that stalled, for as long as
// its own timeout; nothing of it is the generator's fault.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "tests/faults/engine/engine_run.hpp"
#include "tests/support/peer/raw_peer.hpp"
#include "tests/support/peer/silent_resolver.hpp"

namespace loadgen::engine::test {
namespace {

std::string https(const PeerServer& server) {
    return "https://127.0.0.1:" + std::to_string(server.port()) + "/";
}

void expect_full_wait(const Outcome& outcome, Nanos timeout) {
    for (const auto& record : outcome.records) EXPECT_GE(record.latency, timeout) << "request " << record.seq;
    EXPECT_EQ(outcome.finding("unsent"), nullptr);
}

// bug: the last requests of the schedule ended as unsent, for their dial and the drain had the same deadline.
TEST(StalledDials, ASilentTlsPeerIsAConnectTimeout) {
    PeerServer server(always(Deed::kNothing));  // waits for the rest of what it takes for a request
    plan::RunPlan plan = open_plan(https(server), 5, 50);
    plan.connections.timeout = 100 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "connect-timeout 5");
    EXPECT_EQ(outcome.result.statistics.errors().at(0).first,
              "connect-timeout: no connection to 127.0.0.1:" + std::to_string(server.port()) +
                  " in time: no end of the TLS handshake");
    expect_full_wait(outcome, plan.connections.timeout);
}

TEST(StalledDials, ASilentProxyIsAConnectTimeout) {
    PeerServer proxy(always(Deed::kNothing));
    plan::RunPlan plan = open_plan("http://h.test/", 5, 50);
    plan.connections.proxy = plan::Proxy{http::parse_url(proxy.url()).value(), {}};
    plan.connections.timeout = 100 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "connect-timeout 5");
    EXPECT_EQ(outcome.result.statistics.errors().at(0).first,
              "connect-timeout: no connection to h.test:80 in time: no answer to CONNECT");
    expect_full_wait(outcome, plan.connections.timeout);
}

TEST(StalledDials, ASilentResolverIsADnsFailure) {
    const loadgen::test::SilentResolver resolver;
    plan::RunPlan plan = open_plan("http://slow.test/", 5, 50);
    plan.connections.dns.servers = {resolver.address()};
    plan.connections.timeout = 100 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "dns 5");
    EXPECT_EQ(outcome.result.statistics.errors().at(0).first, "dns: slow.test: no answer from DNS in time");
    expect_full_wait(outcome, plan.connections.timeout);
}

// bug: a dial that timed out took along what had begun to wait for it much later.
TEST(StalledDials, WhoJoinsADialLateHasItsWholeTimeout) {
    PeerServer server(always(Deed::kNothing));
    plan::RunPlan plan = open_plan(https(server), 5, 50);
    plan.connections.protocol = plan::Protocol::kHttp2Cleartext;  // so one dial serves all five
    plan.connections.timeout = 150 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "connect-timeout 5");
    expect_full_wait(outcome, plan.connections.timeout);
    // bug: it counted exchanges. The first dial timed out, and a second one for those who were left.
    EXPECT_LE(outcome.result.statistics.connections.failed, 2U);
    EXPECT_GE(outcome.result.statistics.connections.failed, 1U);
}

// bug: a connection that the end of the run met without HTTP/2 settings counted as closed, never as opened.
TEST(StalledDials, AConnectionWithoutSettingsWasNeverOpened) {
    const loadgen::test::RawPeer server({""});
    plan::RunPlan plan = open_plan(server.url(), 1);
    plan.connections.protocol = plan::Protocol::kHttp2Cleartext;
    plan.drain = 50 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "cut-off 1");
    EXPECT_EQ(outcome.result.statistics.connections.opened, 0U);
    EXPECT_EQ(outcome.result.statistics.connections.closed, 0U);
}

// bug: what waited for a dial when the drain ended counted as unsent, so the run was invalid.
TEST(StalledDials, ADrainShorterThanTheTimeoutCutsTheWaitOff) {
    PeerServer server(always(Deed::kNothing));
    plan::RunPlan plan = open_plan(https(server), 5, 50);
    plan.drain = 50 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "cut-off 5");
    EXPECT_EQ(outcome.finding("unsent"), nullptr);
}

TEST(StalledDials, WhatHadNoDialUnderACapIsUnsent) {
    PeerServer server(always(Deed::kNothing));
    plan::RunPlan plan = open_plan(https(server), 5, 50);
    plan.connections.max_connections = 1;
    plan.drain = 50 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "unsent 4, cut-off 1");
    EXPECT_NE(outcome.finding("unsent"), nullptr);
}

TEST(StalledDials, UnderACapEachWaitsItsTimeoutForItsDial) {
    PeerServer server(always(Deed::kNothing));
    plan::RunPlan plan = open_plan(https(server), 4, 1000);
    plan.connections.max_connections = 2;
    plan.connections.timeout = 50 * kMillisecond;
    plan.drain = Nanos(60'000'000'000);
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "connect-timeout 4");
    for (const auto& record : outcome.records) {
        EXPECT_GE(record.latency - record.detail->send_delay, plan.connections.timeout);
        // The last two had to wait until the first two had given their places back.
        if (record.seq >= 2) {
            EXPECT_GE(record.detail->send_delay, 40 * kMillisecond);
        }
    }
}

// bug: the dial that a redirect needed had a timeout of its own, so an exchange took up to twice its timeout.
TEST(StalledDials, ARedirectHasWhatIsLeftOfTheTimeout) {
    PeerServer silent(always(Deed::kNothing));
    std::promise<void> half_time;
    PeerServer redirecting(
        [half_time = half_time.get_future().share()](const Moment&) {
            half_time.wait();
            return Deed::kRedirect;
        },
        {.location = https(silent)});
    PeerServer clock([&half_time](const Moment&) {  // gets its request half a timeout later
        half_time.set_value();
        return Deed::kAnswer;
    });
    plan::RunPlan plan = open_plan(redirecting.url(), 2, 2);
    plan.requests = std::make_shared<FixedSource>(std::vector{get(redirecting.url()), get(clock.url())});
    plan.connections.timeout = 1'000 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "ok 1, connect-timeout 1");
    const auto redirected = std::find_if(outcome.records.begin(), outcome.records.end(),
                                         [](const auto& record) { return record.seq == 0; });
    EXPECT_GE(redirected->latency, plan.connections.timeout);
    EXPECT_LT(redirected->latency, plan.connections.timeout + 500 * kMillisecond);
}

TEST(StalledDials, ARedirectToAFullServerHasWhatIsLeftOfTheTimeout) {
    std::promise<void> half_time;
    PeerServer full([&half_time](const Moment& now) {
        if (now.total == 1) half_time.set_value();
        return Deed::kNothing;
    });
    PeerServer redirecting(
        [half_time = half_time.get_future().share()](const Moment&) {
            half_time.wait();
            return Deed::kRedirect;
        },
        {.location = full.url()});
    plan::RunPlan plan = open_plan(redirecting.url(), 2, 2);
    plan.requests = std::make_shared<FixedSource>(std::vector{get(redirecting.url()), get(full.url())});
    plan.connections.max_connections = 1;
    plan.connections.timeout = 1'000 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "timeout 2");
    EXPECT_EQ(outcome.records.at(0).seq, 0U);
    EXPECT_EQ(outcome.records.at(0).error, "timeout: no connection was free within the timeout");
    EXPECT_LT(outcome.records.at(0).latency, plan.connections.timeout + 500 * kMillisecond);
}

TEST(StalledDials, AStopLetsThemWaitOn) {
    PeerServer server(always(Deed::kNothing));
    plan::RunPlan plan = plan_for(https(server));
    plan.load = pacing::make_constant_load({.count = 50, .per = Nanos(1'000'000'000)}, std::nullopt).value();
    plan.connections.timeout = 300 * kMillisecond;
    RunControl control;
    class Stopper final : public RunObserver {
      public:
        explicit Stopper(RunControl& to_stop) : control_(to_stop) {}
        void on_progress(const Progress& progress) override {
            if (progress.issued > 0 && control_.stop_requests() == 0) control_.request_stop();
        }

      private:
        RunControl& control_;
    } stopper(control);
    const Outcome outcome = run_plan(plan, control, &stopper);
    EXPECT_EQ(outcome.count(Cause::kConnectTimeout), outcome.result.issued) << outcome.causes();
}

}  // namespace
}  // namespace loadgen::engine::test
