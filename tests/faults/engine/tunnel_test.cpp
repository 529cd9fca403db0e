// Proxies by CONNECT, and answers that do not wait for the request.
#include <gtest/gtest.h>

#include "tests/faults/engine/engine_run.hpp"
#include "tests/support/peer/raw_peer.hpp"

namespace loadgen::engine::test {
namespace {

using loadgen::test::RawPeer;

const std::string kAnswer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

Outcome run_through(const RawPeer& proxy, const std::string& target = "http://h.test/") {
    plan::RunPlan plan = closed_plan(target, 2);
    plan.connections.proxy =
        plan::Proxy{http::parse_url(proxy.url()).value(), {{"Proxy-Authorization", "Basic eA=="}}};
    plan.connections.timeout = 1'000 * kMillisecond;
    return run_plan(plan);
}

TEST(Proxies, AreAskedForATunnel) {
    Outcome outcome;
    std::vector<std::string> heard;
    {
        RawPeer proxy({"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n", kAnswer});
        outcome = run_through(proxy);
        heard = proxy.heard();
    }
    EXPECT_EQ(outcome.causes(), "ok 2");
    ASSERT_FALSE(heard.empty());
    EXPECT_EQ(heard[0],
              "CONNECT h.test:80 HTTP/1.1\r\nHost: h.test:80\r\nProxy-Authorization: Basic eA==\r\n\r\n");
}

// bug: see Authority.Ipv6IsInBrackets
TEST(Proxies, AreToldIpv6TargetsInBrackets) {
    std::vector<std::string> heard;
    {
        RawPeer proxy({"HTTP/1.1 200 OK\r\n\r\n", kAnswer});
        run_through(proxy, "http://[::1]:81/");
        heard = proxy.heard();
    }
    ASSERT_FALSE(heard.empty());
    EXPECT_TRUE(heard[0].starts_with("CONNECT [::1]:81 HTTP/1.1\r\nHost: [::1]:81\r\n")) << heard[0];
}

/// Cause and text of both exchanges through a proxy that says this instead of "200".
std::string refusal(const std::string& status_line) {
    RawPeer proxy({status_line + "\r\n\r\n"});
    const Outcome outcome = run_through(proxy);
    const auto& errors = outcome.result.statistics.errors();
    return errors.size() == 1 && errors[0].second == 2 ? errors[0].first : outcome.causes();
}

TEST(Proxies, ThatRefuseAreQuoted) {
    EXPECT_EQ(refusal("HTTP/1.1 403 Forbidden"),
              "refused: proxy refused CONNECT h.test:80: HTTP/1.1 403 Forbidden");
}

// bug: "HTTP/1." alone ended the generator.
TEST(Proxies, ThatTalkNonsenseAreQuotedToo) {
    for (const std::string status_line :
         {"HTTP/1.", "HTTP/1.1", "HTTP/1.1 ", "SSH-2.0-x", "HTTP/2 200", ""}) {
        EXPECT_EQ(refusal(status_line), "protocol: proxy answered CONNECT with no HTTP: " + status_line);
    }
}

TEST(Proxies, ThatNeverEndTheirHeadAreBroken) {
    RawPeer proxy({"HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x')});
    EXPECT_EQ(run_through(proxy).causes(), "protocol 2");
}

TEST(Proxies, ThatStaySilentTimeOut) {
    RawPeer proxy({""});
    plan::RunPlan plan = closed_plan("http://h.test/", 1);
    plan.connections.proxy = plan::Proxy{http::parse_url(proxy.url()).value(), {}};
    plan.connections.timeout = 100 * kMillisecond;
    EXPECT_EQ(run_plan(plan).causes(), "connect-timeout 1");
}

// bug: the wait of an exchange that was answered before its request was out counted from an older exchange.
TEST(EarlyAnswers, EndTheExchangeAndTheConnection) {
    RawPeer server({"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"});
    plan::RunPlan plan = closed_plan(server.url(), 3);
    plan.requests =
        std::make_shared<FixedSource>(std::vector{get(server.url(), "POST", std::string(30'000'000, 'x'))});
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "http-4xx 3");
    EXPECT_EQ(outcome.result.statistics.connections.opened, 3U);
    for (const auto& record : outcome.records) EXPECT_LE(record.detail->wait, record.latency);
    EXPECT_LE(outcome.result.statistics.wait().max(), outcome.result.elapsed);
}

}  // namespace
}  // namespace loadgen::engine::test
