// Virtual users on a clock that the test moves, compiled from scripts as users write them.
#include "loadgen/steps/users.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <string>
#include <vector>

#include "loadgen/scenario/artillery.hpp"

using namespace loadgen;
using namespace std::chrono_literals;

namespace {

struct Belongings final : steps::Belongings {
    explicit Belongings(int& count) : alive(count) { ++alive; }
    ~Belongings() override { --alive; }
    int& alive;
};

/// The thread that the users live on: a clock that stands still, requests that wait for an answer.
class Thread final : public steps::Host {
  public:
    struct Sent {
        steps::Strand* strand;
        std::string path;
        Instant due;
        Instant at;
    };

    Instant now() const override { return time; }
    WallTime wall_now() const override { return {}; }
    std::shared_ptr<plan::Request> blank_request(std::uint32_t) override {
        return std::make_shared<plan::Request>();
    }
    void send(steps::Strand& strand, steps::Outgoing outgoing) override {
        sent.push_back({&strand, outgoing.request->url.path_and_query, strand.due, time});
        if (!strand.user->belongings) strand.user->belongings = std::make_unique<Belongings>(alive);
    }
    void release(steps::User&) override { ++released; }
    void wake_at(Instant when) override { wake = when; }
    Result<std::shared_ptr<const std::string>> read_file(const std::string& path) override {
        if (path != "pics/rex.png") return Error{ErrorCode::kNotFound, path};
        return std::make_shared<const std::string>("PNG");
    }
    void say(std::string_view line) override { said.emplace_back(line); }

    Instant time{1s};
    std::optional<Instant> wake;
    std::deque<Sent> sent;
    std::vector<std::string> said;
    int alive = 0;
    int released = 0;
};

class UsersOf {
  public:
    explicit UsersOf(const std::string& script, std::uint64_t seed = 7) {
        scenario::LoadOptions options;
        options.script = "s.yml";
        options.seed = seed;
        options.read_file = [&script](const std::string&, std::size_t) -> Result<std::string> {
            return script;
        };
        loaded_ = scenario::load_scenario(options);
        for (const text::Finding& finding : loaded_.findings)
            if (!loaded_.ok) ADD_FAILURE() << text::to_text(finding);
        users.emplace(*loaded_.plan, loaded_.load, host, counts, nullptr);
        users->begin(start);
    }

    void arrive(std::uint64_t number = 0) { users->arrive(number, host.time); }

    /// The oldest request that waits is answered now. False: it has failed.
    bool answer(std::uint16_t status = 200) {
        const Thread::Sent request = host.sent.front();
        host.sent.pop_front();
        steps::Answer answer;
        answer.status = status;
        answer.due = request.due;
        answer.sent = answer.first_byte = request.at;
        answer.done = host.time;
        static const http::Headers kNone;
        answer.headers = &kNone;
        return users->on_answer(*request.strand, answer);
    }

    /// Time passes in one piece; then the alarm rings, if it has come.
    void pass(Nanos span) {
        host.time += span;
        if (!host.wake || *host.wake > host.time) return;
        host.wake.reset();
        users->on_due();
    }

    /// Since the start, in milliseconds.
    double due(std::size_t request = 0) const { return millis(host.sent.at(request).due); }
    double millis(Instant when) const { return static_cast<double>((when - start).count()) / 1e6; }
    std::uint64_t counter(const std::string& name) const {
        const auto counters = users->book().total().counters;
        const auto found = counters.find(name);
        return found == counters.end() ? 0 : found->second;
    }

    /// Answers everything at once until nothing is asked any more; the paths in their order.
    std::vector<std::string> journey() {
        std::vector<std::string> paths;
        while (!host.sent.empty() && paths.size() < 100) {
            paths.push_back(host.sent.front().path);
            answer();
        }
        return paths;
    }

    Thread host;
    steps::UserCounts counts;
    const Instant start = host.time;

  private:
    scenario::Loaded loaded_;

  public:
    std::optional<steps::Users> users;
};

std::string script(const std::string& flow, const std::string& config = "") {
    return "config:\n  target: http://127.0.0.1:1\n" + config + "scenarios:\n  - flow:\n" + flow;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST(Users, GoThroughTheirJourneyAndLeave) {
    UsersOf run(script("      - get: {url: /a}\n      - get: {url: /b}\n"));
    run.arrive();
    EXPECT_EQ(run.users->active(), 1U);
    EXPECT_EQ(run.due(), 0);
    run.pass(30ms);
    run.answer();
    EXPECT_EQ(run.host.sent.front().path, "/b");
    EXPECT_EQ(run.due(), 30) << "due when what it waited for was over";
    run.pass(20ms);
    run.answer();
    EXPECT_TRUE(run.users->idle());
    EXPECT_EQ(run.counter("vusers.completed"), 1U);
    EXPECT_EQ(run.counter("http.responses"), 2U);
    const auto lengths = run.users->book().total().histograms;
    EXPECT_NEAR(static_cast<double>(lengths.at("vusers.session_length").unpack().max().count()), 50e6, 1e6);
}

TEST(Users, BeyondTheLimitOfThePhaseAreSkipped) {
    UsersOf run(
        script("      - get: {url: /a}\n", "  phases: [{duration: 10, arrivalRate: 1, maxVusers: 2}]\n"));
    for (std::uint64_t number = 0; number < 4; ++number) run.arrive(number);
    EXPECT_EQ(run.users->active(), 2U);
    EXPECT_EQ(run.counter("vusers.skipped"), 2U);
    run.answer();
    run.arrive(4);
    EXPECT_EQ(run.users->active(), 2U);
    EXPECT_EQ(run.counter("vusers.created"), 3U);
}

TEST(Users, FailWithTheCodeOfWhatHappened) {
    UsersOf run(script("      - get: {url: /a}\n      - get: {url: /b}\n"));
    run.arrive();
    const Thread::Sent request = run.host.sent.front();
    steps::Answer answer;
    answer.cause = Cause::kRefused;
    answer.due = answer.sent = answer.first_byte = answer.done = run.host.time;
    run.users->on_answer(*request.strand, answer);
    EXPECT_EQ(run.counter("errors.ECONNREFUSED"), 1U);
    EXPECT_EQ(run.counter("vusers.failed"), 1U);
    EXPECT_TRUE(run.users->idle());
}

TEST(Users, SayWhetherAnAnswerIsWhatTheScriptWants) {
    UsersOf run(script(R"(      - get: {url: /a}
      - get: {url: /b}
      - get: {url: /c, expect: {statusCode: [200, 409]}}
      - get: {url: /d, expect: {notStatusCode: 500}}
      - get: {url: /e, expect: {statusCode: 201}}
)",
                       "  plugins: {expect: {outputFormat: silent}}\n"));
    run.arrive();
    EXPECT_TRUE(run.answer(302));
    EXPECT_FALSE(run.answer(404)) << "nobody has thought of it";
    EXPECT_TRUE(run.answer(409));
    EXPECT_FALSE(run.answer(404)) << "what is not forbidden is not expected";
    EXPECT_FALSE(run.answer(200));
    EXPECT_EQ(run.counter("http.failed"), 3U);
    EXPECT_EQ(run.counter("vusers.completed"), 1U);
}

TEST(Users, WhomAWebSocketIsRefusedHaveFailed) {
    UsersOf run("config: {target: \"ws://127.0.0.1:1\"}\nscenarios: [{engine: ws, flow: [{send: hello}]}]\n");
    run.arrive();
    EXPECT_FALSE(run.answer(403));
    EXPECT_EQ(run.counter("errors.Unexpected server response: 403"), 1U);
    EXPECT_EQ(run.counter("http.failed"), 0U) << "it is not among http.requests";
    run.arrive(1);
    EXPECT_TRUE(run.answer(101));
    EXPECT_TRUE(run.answer(101)) << "the message is sent";
    EXPECT_EQ(run.counter("vusers.completed"), 1U);
}

TEST(Users, ThinkFromTheEndOfWhatTheyWaitedFor) {
    UsersOf run(script("      - get: {url: /a}\n      - think: 2\n      - get: {url: /b}\n"));
    run.arrive();
    run.pass(100ms);
    run.answer();
    EXPECT_TRUE(run.host.sent.size() == 0);
    EXPECT_EQ(run.millis(*run.host.wake), 2100);
    run.pass(1999ms);
    EXPECT_TRUE(run.host.sent.empty());
    run.pass(501ms);  // the alarm comes half a second late
    ASSERT_EQ(run.host.sent.size(), 1U);
    EXPECT_EQ(run.due(), 2100) << "lateness of ours is charged, not forgotten";
}

TEST(Users, ThinkLongerAndShorterByTheirJitter) {
    const std::string flow = "      - think: 10\n        jitter: 20%\n      - get: {url: /a}\n";
    double shortest = 1e9;
    double longest = 0;
    double sum = 0;
    constexpr int kUsers = 1000;
    UsersOf run(script(flow));
    UsersOf again(script(flow));
    for (std::uint64_t number = 0; number < kUsers; ++number) {
        run.arrive(number);
        again.arrive(number);
    }
    run.pass(20s);
    again.pass(20s);
    ASSERT_EQ(run.host.sent.size(), std::size_t{kUsers});
    for (std::size_t index = 0; index < kUsers; ++index) {
        const double due = run.due(index);
        EXPECT_EQ(due, again.due(index)) << "the seed decides";
        shortest = std::min(shortest, due);
        longest = std::max(longest, due);
        sum += due;
    }
    EXPECT_GE(shortest, 8000);
    EXPECT_LE(longest, 12000);
    EXPECT_LT(shortest, 8200);
    EXPECT_GT(longest, 11800);
    // Uniform over 4 s: the mean of a thousand has a standard deviation of 36.5 ms.
    EXPECT_NEAR(sum / kUsers, 10000, 4 * 36.5);
}

TEST(Users, LoopCountsListsAndConditions) {
    UsersOf run(
        script("      - loop:\n          - get: {url: \"/count/{{ $loopCount }}\"}\n        count: 3\n"
               "      - loop:\n          - get: {url: \"/{{ $loopElement }}/{{ $loopCount }}\"}\n"
               "        over: [red, blue]\n"
               "      - loop:\n          - get: {url: \"/until/{{ n }}\"}\n"
               "          - set: {n: n + 1}\n        whileTrue: n < 2\n",
               "  variables: {n: 0}\n"));
    run.arrive();
    EXPECT_EQ(run.journey(),
              (Paths{"/count/0", "/count/1", "/count/2", "/red/0", "/blue/1", "/until/0", "/until/1"}));
    EXPECT_TRUE(run.users->idle());
}

TEST(Users, LoopsInLoopsKeepTheirOwnCounts) {
    UsersOf run(script(
        "      - loop:\n          - loop:\n              - get: {url: \"/{{ outer }}/{{ $loopCount }}\"}\n"
        "            count: 2\n          - get: {url: \"/{{ outer }}\"}\n"
        "        count: 2\n        loopValue: outer\n"));
    run.arrive();
    EXPECT_EQ(run.journey(), (Paths{"/0/0", "/0/1", "/0", "/1/0", "/1/1", "/1"}));
}

TEST(Users, BranchesRunAtTheSameTimeUpToTheLimit) {
    UsersOf run(
        script("      - parallel:\n          - get: {url: /a}\n          - get: {url: /b}\n"
               "          - get: {url: /c}\n        limit: 2\n      - get: {url: /after}\n"));
    run.arrive();
    ASSERT_EQ(run.host.sent.size(), 2U);
    EXPECT_EQ(run.host.sent[0].path, "/a");
    EXPECT_EQ(run.host.sent[1].path, "/b");
    run.pass(40ms);
    run.answer();
    ASSERT_EQ(run.host.sent.size(), 2U);
    EXPECT_EQ(run.host.sent[1].path, "/c");
    run.pass(20ms);
    run.answer();
    run.pass(10ms);
    run.answer();
    ASSERT_EQ(run.host.sent.size(), 1U);
    EXPECT_EQ(run.host.sent[0].path, "/after");
    EXPECT_EQ(run.due(), 70) << "when the last branch was over";
    run.answer();
    EXPECT_EQ(run.counter("vusers.completed"), 1U);
}

TEST(Users, ABranchThatFailsTakesItsUserWithItOnceNothingIsUnderWay) {
    UsersOf run(
        script("      - parallel:\n          - get: {url: /a}\n          - get: {url: /b}\n"
               "      - get: {url: /after}\n"));
    run.arrive();
    steps::Answer answer;
    answer.cause = Cause::kTimeout;
    answer.due = answer.sent = answer.first_byte = answer.done = run.host.time;
    const Thread::Sent first = run.host.sent.front();
    run.host.sent.pop_front();
    run.users->on_answer(*first.strand, answer);
    EXPECT_EQ(run.users->active(), 1U) << "an answer is still to come";
    run.answer();
    EXPECT_TRUE(run.users->idle());
    EXPECT_TRUE(run.host.sent.empty());
    EXPECT_EQ(run.counter("errors.ETIMEDOUT"), 1U);
}

TEST(Users, StepsRunWithTheirProbability) {
    constexpr int kUsers = 4000;
    UsersOf run(
        script("      - get: {url: /never, probability: 0}\n      - get: {url: /always, probability: 100}\n"
               "      - get: {url: /quarter, probability: 25}\n"));
    int always = 0;
    int quarter = 0;
    for (std::uint64_t number = 0; number < kUsers; ++number) {
        run.arrive(number);
        for (const std::string& path : run.journey()) {
            EXPECT_NE(path, "/never");
            always += path == "/always" ? 1 : 0;
            quarter += path == "/quarter" ? 1 : 0;
        }
    }
    EXPECT_EQ(always, kUsers);
    EXPECT_NEAR(quarter, 1000, 4 * std::sqrt(kUsers * 0.25 * 0.75));
}

TEST(Users, PacingCountsFromDueToDueAndCatchesUp) {
    UsersOf run(script("      - pacing: 1s\n      - loop:\n          - get: {url: /a}\n        count: 4\n"));
    run.arrive();
    run.pass(200ms);
    run.answer();
    EXPECT_EQ(run.millis(*run.host.wake), 1000);
    run.pass(1300ms);  // the alarm is 500 ms late
    ASSERT_EQ(run.host.sent.size(), 1U);
    EXPECT_EQ(run.due(), 1000);
    run.pass(100ms);
    run.answer();
    run.pass(400ms);
    ASSERT_EQ(run.host.sent.size(), 1U);
    EXPECT_EQ(run.due(), 2000) << "no drift: from due to due";
    run.pass(2500ms);
    run.answer();
    ASSERT_EQ(run.host.sent.size(), 1U);
    EXPECT_EQ(run.due(), 4500) << "an answer that took longer than the pacing is what it waited for";
}

TEST(Users, StopLetsAnswersComeAndBeginsNothing) {
    UsersOf run(script("      - get: {url: /a}\n      - think: 5\n      - get: {url: /b}\n"));
    run.arrive(0);
    run.answer();
    run.arrive(1);
    EXPECT_EQ(run.users->active(), 2U);
    run.users->stop();
    EXPECT_EQ(run.users->active(), 1U) << "who thinks leaves at once";
    run.arrive(2);
    EXPECT_EQ(run.users->active(), 1U);
    run.answer();
    EXPECT_TRUE(run.users->idle());
    EXPECT_EQ(run.counter("vusers.created"), 2U);
    EXPECT_EQ(run.counter("vusers.interrupted"), 2U);
    EXPECT_EQ(run.counter("vusers.failed") + run.counter("vusers.completed"), 0U);
    run.pass(10s);
    EXPECT_TRUE(run.host.sent.empty());
}

TEST(Users, LeaveNothingBehind) {
    UsersOf run(
        script("      - get: {url: /a}\n      - parallel:\n          - get: {url: /b}\n"
               "          - think: 1\n      - think: 1\n"));
    constexpr int kUsers = 2000;
    for (std::uint64_t number = 0; number < kUsers; ++number) run.arrive(number);
    EXPECT_EQ(run.host.alive, kUsers);
    while (!run.host.sent.empty()) run.answer();
    for (int second = 0; second < 5 && !run.users->idle(); ++second) run.pass(1s);
    EXPECT_TRUE(run.users->idle());
    EXPECT_EQ(run.host.released, kUsers);
    EXPECT_EQ(run.host.alive, 0);
    EXPECT_EQ(run.counts.active.load(), 0);
    EXPECT_EQ(run.counts.completed.load(), static_cast<std::uint64_t>(kUsers));
}

TEST(Users, WhoAreStillThereAreFreedWithTheThread) {
    int alive = 0;
    {
        UsersOf run(script("      - get: {url: /a}\n"));
        run.arrive();
        run.host.sent.front().strand->user->belongings = std::make_unique<Belongings>(alive);
        EXPECT_EQ(alive, 1);
    }
    EXPECT_EQ(alive, 0);
}

TEST(Users, RequestsOfAPhaseGoToWhoHasWaitedLongest) {
    UsersOf run(script("      - get: {url: /a}\n      - get: {url: /b}\n",
                       "  phases: [{duration: 10, requestRate: 1}]\n"));
    run.arrive(0);
    ASSERT_EQ(run.host.sent.size(), 1U) << "nobody waits, so a user comes";
    run.pass(100ms);
    run.answer();
    EXPECT_TRUE(run.host.sent.empty()) << "the next request has no instant yet";
    run.pass(900ms);
    run.arrive(1);
    ASSERT_EQ(run.host.sent.size(), 1U);
    EXPECT_EQ(run.host.sent[0].path, "/b");
    EXPECT_EQ(run.due(), 1000);
    EXPECT_EQ(run.counter("vusers.created"), 1U);
}

TEST(Users, WhoStillWaitForAnInstantWhenTheirPhaseEndsGoOnAtTheirOwnPace) {
    UsersOf run(script("      - get: {url: /a}\n      - get: {url: /b}\n",
                       "  phases: [{duration: 10, requestRate: 1}]\n"));
    run.arrive();
    run.answer();
    EXPECT_TRUE(run.host.sent.empty());
    run.pass(10s);
    EXPECT_TRUE(run.host.sent.empty()) << "an instant on the end of the phase may still come";
    run.pass(1ns);
    ASSERT_EQ(run.host.sent.size(), 1U);
    EXPECT_EQ(run.host.sent[0].path, "/b");
}
