// IPv6, on every machine that has it.
#include <gtest/gtest.h>

#include "tests/faults/engine/engine_run.hpp"

namespace loadgen::engine::test {
namespace {

class Ipv6 : public testing::Test {
  protected:
    void SetUp() override {
        if (!loadgen::test::has_address("::1")) GTEST_SKIP() << "this machine has no IPv6";
    }
};

TEST_F(Ipv6, LiteralsAreDialled) {
    PeerServer server(always(Deed::kAnswer), {.address = "::1"});
    const Outcome outcome = run_plan(open_plan(server.url(), 5));
    EXPECT_EQ(outcome.causes(), "ok 5");
    EXPECT_EQ(outcome.records.at(0).detail->remote_address, "[::1]:" + std::to_string(server.port()));
}

TEST_F(Ipv6, Http2) {
    PeerServer server(always(Deed::kAnswer), {.address = "::1"});
    plan::RunPlan plan = closed_plan(server.url(), 5);
    plan.connections.protocol = plan::Protocol::kHttp2Cleartext;
    EXPECT_EQ(run_plan(plan).causes(), "ok 5");
}

TEST_F(Ipv6, NobodyListens) {
    const auto port = std::to_string(loadgen::test::unused_port("::1"));
    const Outcome outcome = run_plan(open_plan("http://[::1]:" + port + "/", 5));
    EXPECT_EQ(outcome.causes(), "refused 5");
    EXPECT_EQ(outcome.result.statistics.errors().at(0).first,
              "refused: connect to [::1]:" + port + ": Connection refused");
}

TEST_F(Ipv6, NobodyAccepts) {
    PeerServer server(always(Deed::kAnswer), {.address = "::1", .accepts = false});
    plan::RunPlan plan = open_plan(server.url(), 5);
    plan.connections.timeout = 100 * kMillisecond;
    EXPECT_EQ(run_plan(plan).causes(), "connect-timeout 5");
}

TEST_F(Ipv6, SourceAddresses) {
    PeerServer server(always(Deed::kAnswer), {.address = "::1"});
    plan::RunPlan plan = closed_plan(server.url(), 3);
    plan.connections.requests_per_connection = 1;
    plan.connections.source_addresses = {"::1"};
    EXPECT_EQ(run_plan(plan).causes(), "ok 3");
}

TEST_F(Ipv6, ConnectToInEitherDirection) {
    PeerServer v6(always(Deed::kAnswer), {.address = "::1"});
    PeerServer v4(always(Deed::kAnswer));
    const std::string v6_text = "[::1]:" + std::to_string(v6.port());
    const std::string v4_text = "127.0.0.1:" + std::to_string(v4.port());
    plan::RunPlan plan = closed_plan("http://[2001:db8::1]:81/", 2);
    plan.connections.connect_to = {{"[2001:db8::1]:81", {v4_text}}};
    EXPECT_EQ(run_plan(plan).causes(), "ok 2");
    plan = closed_plan("http://192.0.2.1:81/", 2);
    plan.connections.connect_to = {{"192.0.2.1:81", {v6_text}}};
    EXPECT_EQ(run_plan(plan).causes(), "ok 2");
    EXPECT_EQ(v4.requests(), 2U);
    EXPECT_EQ(v6.requests(), 2U);
}

}  // namespace
}  // namespace loadgen::engine::test
