// Each way in which a server can fail has its own cause, and every exchange is accounted for.
#include <gtest/gtest.h>

#include <unistd.h>

#include <array>

#include "tests/faults/engine/engine_run.hpp"

namespace loadgen::engine::test {
namespace {

struct Expectation {
    Deed deed;
    const char* causes;
};

TEST(Causes, EachDeedOfAnHttp1ServerHasItsCause) {
    for (const auto& [deed, causes] :
         std::array<Expectation, 15>{{{Deed::kAnswer, "ok 5"},
                                      {Deed::kAnswerAndClose, "ok 5"},
                                      {Deed::kInterim, "ok 5"},
                                      {Deed::kNothing, "timeout 5"},
                                      {Deed::kStallInBody, "timeout 5"},
                                      {Deed::kCloseBeforeByte, "reset-inflight 5"},
                                      {Deed::kResetBeforeByte, "reset-inflight 5"},
                                      {Deed::kResetInBody, "reset-inflight 5"},
                                      {Deed::kTruncate, "truncated 5"},
                                      {Deed::kTruncateChunked, "truncated 5"},
                                      {Deed::kGarbage, "protocol 5"},
                                      {Deed::kThrottle, "throttled 5"},
                                      {Deed::kRetryAfter, "throttled 5"},
                                      {Deed::kUnavailable, "http-5xx 5"},
                                      {Deed::kNotFound, "http-4xx 5"}}}) {
        PeerServer server(always(deed));
        plan::RunPlan plan = closed_plan(server.url(), 5);
        plan.connections.timeout = timeout_for(deed);
        const Outcome outcome = run_plan(plan);
        EXPECT_EQ(outcome.causes(), causes) << "deed " << static_cast<int>(deed);
        EXPECT_EQ(server.requests(), 5U) << "nothing is sent again behind the user's back";
    }
}

TEST(Causes, EachDeedOfAnHttp2ServerHasItsCause) {
    for (const auto& [deed, causes] :
         std::array<Expectation, 13>{{{Deed::kAnswer, "ok 5"},
                                      {Deed::kInterim, "ok 5"},
                                      {Deed::kNothing, "timeout 5"},
                                      {Deed::kStallInBody, "timeout 5"},
                                      {Deed::kCloseBeforeByte, "reset-inflight 5"},
                                      {Deed::kResetBeforeByte, "reset-inflight 5"},
                                      {Deed::kGarbage, "protocol 5"},
                                      {Deed::kRetryAfter, "throttled 5"},
                                      {Deed::kUnavailable, "http-5xx 5"},
                                      {Deed::kGoawayLost, "h2-goaway-lost 5"},
                                      {Deed::kGoawayRetryable, "h2-retryable 5"},
                                      {Deed::kRefuseStream, "h2-retryable 5"},
                                      {Deed::kResetStream, "reset-inflight 5"}}}) {
        PeerServer server(always(deed));
        plan::RunPlan plan = closed_plan(server.url(), 5);
        plan.connections.protocol = plan::Protocol::kHttp2Cleartext;
        plan.connections.timeout = timeout_for(deed);
        EXPECT_EQ(run_plan(plan).causes(), causes) << "deed " << static_cast<int>(deed);
    }
}

TEST(Causes, NobodyListens) {
    const auto port = std::to_string(loadgen::test::unused_port());
    const Outcome outcome = run_plan(open_plan("http://127.0.0.1:" + port + "/", 5));
    EXPECT_EQ(outcome.causes(), "refused 5");
    ASSERT_EQ(outcome.result.statistics.errors().size(), 1U);
    EXPECT_EQ(outcome.result.statistics.errors()[0].first,
              "refused: connect to 127.0.0.1:" + port + ": Connection refused");
    EXPECT_EQ(outcome.result.statistics.connections.failed, 5U);
}

TEST(Causes, NobodyAccepts) {
    PeerServer server(always(Deed::kAnswer), {.accepts = false});
    plan::RunPlan plan = open_plan(server.url(), 5);
    plan.connections.timeout = 100 * kMillisecond;
    EXPECT_EQ(run_plan(plan).causes(), "connect-timeout 5");
}

TEST(Causes, ASocketFileThatIsNotThere) {
    plan::RunPlan plan = open_plan("http://any/", 5);
    plan.connections.unix_socket = testing::TempDir() + "loadgen-no-such-socket";
    EXPECT_EQ(run_plan(plan).causes(), "refused 5");
}

TEST(Causes, AUnixSocket) {
    const std::string path = testing::TempDir() + "loadgen-peer-" + std::to_string(getpid());
    PeerServer server(always(Deed::kAnswer), {.unix_path = path});
    plan::RunPlan plan = open_plan("http://any/", 5);
    plan.connections.unix_socket = path;
    const Outcome outcome = run_plan(plan);
    unlink(path.c_str());
    EXPECT_EQ(outcome.causes(), "ok 5");
    EXPECT_EQ(outcome.records.at(0).detail->remote_address, path);
}

class UnixBacklog : public testing::Test {
  protected:
    UnixBacklog() : path_(testing::TempDir() + "loadgen-full-" + std::to_string(getpid())) {}
    ~UnixBacklog() override { unlink(path_.c_str()); }

    plan::RunPlan plan() const {
        plan::RunPlan plan = open_plan("http://any/", 5);
        plan.connections.unix_socket = path_;
        return plan;
    }

    std::string path_;
};

// bug: EAGAIN of a full backlog was reported as "unreachable".
TEST_F(UnixBacklog, ThatStaysFullIsAConnectTimeout) {
    PeerServer server(always(Deed::kAnswer), {.unix_path = path_, .accepts = false});
    plan::RunPlan plan = this->plan();
    plan.connections.timeout = 100 * kMillisecond;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "connect-timeout 5");
    EXPECT_EQ(outcome.result.statistics.errors().at(0).first,
              "connect-timeout: no connection to any:80 in time: the socket's backlog is full");
}

TEST_F(UnixBacklog, ThatEmptiesIsWaitedFor) {
    PeerServer server(always(Deed::kAnswer), {.unix_path = path_, .accepts = false});
    class Opener final : public RunObserver {
      public:
        explicit Opener(PeerServer& server) : server_(server) {}
        void on_progress(const Progress& progress) override {
            if (progress.in_flight == 5) server_.make_room();
        }

      private:
        PeerServer& server_;
    } opener(server);
    EXPECT_EQ(run_plan(plan(), {}, &opener).causes(), "ok 5");
}

TEST(Causes, AServerThatResetsReusedConnections) {
    PeerServer server(
        [](const Moment& now) { return now.request == 1 ? Deed::kAnswer : Deed::kResetBeforeByte; });
    const Outcome outcome = run_plan(closed_plan(server.url(), 200));
    EXPECT_EQ(outcome.count(Cause::kOk), 100U);
    // On a machine too busy for a round trip within its limit the race looks like lost work, never like
    // anything else.
    EXPECT_EQ(outcome.count(Cause::kResetIdle) + outcome.count(Cause::kResetInflight), 100U);
    EXPECT_GT(outcome.count(Cause::kResetIdle), 0U);
    for (const auto& record : outcome.records) {
        EXPECT_EQ(record.detail->ordinal, record.detail->cause == Cause::kOk ? 1U : 2U);
    }
}

// bug: what had sent a status line and then broke off counted as a success, for the status was kept.
TEST(Causes, AnAnswerThatBreaksOffHasNoStatus) {
    for (const Deed deed : {Deed::kTruncate, Deed::kResetInBody}) {
        PeerServer server(always(deed));
        const Outcome outcome = run_plan(closed_plan(server.url(), 1));
        EXPECT_EQ(outcome.records.at(0).code, 0);
        EXPECT_FALSE(outcome.records.at(0).success());
    }
}

TEST(Causes, ARedirectLoopEnds) {
    PeerServer server(always(Deed::kRedirect));
    plan::RunPlan plan = closed_plan(server.url(), 2);
    plan.max_redirects = 3;
    const Outcome outcome = run_plan(plan);
    EXPECT_EQ(outcome.causes(), "protocol 2");
    EXPECT_EQ(outcome.result.statistics.errors().at(0).first, "protocol: stopped after 3 redirects");
    EXPECT_EQ(server.requests(), 8U);
    plan.max_redirects = -1;
    EXPECT_EQ(run_plan(plan).causes(), "ok 2");
}

TEST(Causes, ANameThatDoesNotExist) {
    const Outcome outcome = run_plan(open_plan("http://nowhere.invalid/", 3));
    EXPECT_EQ(outcome.causes(), "dns 3");
}

}  // namespace
}  // namespace loadgen::engine::test
