// The steady state allocates nothing: from the first second of a run on there is not one heap allocation,
// whatever number of requests is sent, but for segments of histograms. These are opened by latencies that
// never occurred before, 8 KiB each, and there are at most 27 of them in a histogram and 11 histograms of one
// endpoint. What a run does once a second instead of once a request begins behind these tests: from its fifth
// second on the time series packs the histogram of an older second, which takes two allocations.
//
// Every allocation of the process counts (malloc is replaced here, so OpenSSL's, nghttp2's and c-ares' count
// too); the server therefore runs in a child process.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <optional>

#include "loadgen/engine/engine.hpp"
#include "loadgen/scenario/artillery.hpp"
#include "loadgen/scripting/built_in_functions.hpp"
#include "tests/support/peer/peer_server.hpp"
#include "tests/unit/engine/session_driver.hpp"

namespace {
constexpr std::size_t kSegmentBytes = 1024 * sizeof(std::uint64_t);
std::atomic<std::uint64_t> counted{0};
std::atomic<std::uint64_t> segments{0};
std::atomic<std::int64_t> live_bytes{0};

void* note(void* block, std::size_t size) {
    (size == kSegmentBytes ? segments : counted).fetch_add(1, std::memory_order_relaxed);
    live_bytes.fetch_add(static_cast<std::int64_t>(malloc_usable_size(block)), std::memory_order_relaxed);
    return block;
}

void forget(void* block) {
    live_bytes.fetch_sub(static_cast<std::int64_t>(malloc_usable_size(block)), std::memory_order_relaxed);
}
}  // namespace

// glibc's own functions behind the replaced ones.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void __libc_free(void* block);

void* malloc(std::size_t size) {
    return note(__libc_malloc(size), size);
}
void* calloc(std::size_t count, std::size_t size) {
    return note(__libc_calloc(count, size), count * size);
}
void* realloc(void* block, std::size_t size) {
    forget(block);
    return note(__libc_realloc(block, size), size);
}
void free(void* block) {
    forget(block);
    __libc_free(block);
}
}

namespace loadgen::engine::test {
namespace {

/// The test server in a process of its own, which ends with this object.
class ServerProcess {
  public:
    ServerProcess() {
        int ends[2] = {-1, -1};
        if (pipe(ends) != 0) std::abort();
        child_ = fork();
        if (child_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            const loadgen::test::PeerServer server(
                [](const loadgen::test::Moment&) { return loadgen::test::Deed::kAnswer; });
            const std::string url = server.url();
            if (write(ends[1], url.data(), url.size()) < 0) std::abort();
            ::close(ends[1]);
            for (;;) pause();
        }
        ::close(ends[1]);
        char url[64] = {};
        const ssize_t size = read(ends[0], url, sizeof url);
        url_.assign(url, static_cast<std::size_t>(size > 0 ? size : 0));
        ::close(ends[0]);
    }
    ~ServerProcess() {
        kill(child_, SIGKILL);
        waitpid(child_, nullptr, 0);
    }
    const std::string& url() const { return url_; }

  private:
    pid_t child_ = -1;
    std::string url_;
};

class OneRequest final : public plan::RequestSource {
  public:
    explicit OneRequest(const std::string& url) : requests_{make_request("GET", url)} {}
    Result<std::shared_ptr<const plan::Request>> next() override { return requests_.front(); }
    std::span<const std::shared_ptr<const plan::Request>> all() const override { return requests_; }

  private:
    std::vector<std::shared_ptr<const plan::Request>> requests_;
};

plan::RunPlan make_plan(const std::string& url) {
    plan::RunPlan plan;
    plan.requests = std::make_shared<OneRequest>(url);
    plan.threads = 1;
    plan.traceparent = true;
    return plan;
}

constexpr Nanos kDuration{3'000'000'000};
constexpr std::uint64_t kHistograms = 11;
constexpr std::uint64_t kUserHistograms = 40;  // those of users' groups and metrics, too
// Sixteen users' requests, about a dozen allocations each, when all are under way at once for the first time.
constexpr std::uint64_t kFirstRequests = 200;

/// Looks at the counters between the first second of a run and its last moments, for ending a run does
/// allocate.
class AllocationWatch final : public RunObserver {
  public:
    void on_progress(const Progress& progress) override {
        if (progress.elapsed < kWarmUp) return;
        const Instant start = system_clock().now() - progress.elapsed;
        const Reading now{counted.load(), segments.load(), progress.completed};
        if (!warm_) warm_ = now;
        if (system_clock().now() - start < kDuration - kMargin) last_ = now;
    }

    /// `histograms`: how many may open segments. `first_uses`: allocations of what is used for the first time
    /// when more is under way at once than ever before.
    void expect_none(std::uint64_t histograms, std::uint64_t first_uses = 0) const {
        ASSERT_TRUE(warm_);
        EXPECT_GT(last_.requests, warm_->requests + 4 * first_uses) << "one a request would go unseen";
        EXPECT_LE(last_.others, warm_->others + first_uses)
            << "in " << last_.requests - warm_->requests << " requests";
        EXPECT_LE(last_.segments - warm_->segments, 27U * histograms);
    }

    /// Allocations of a request, but for segments.
    double each() const {
        return static_cast<double>(last_.others - warm_->others) /
               static_cast<double>(last_.requests - warm_->requests);
    }

  private:
    static constexpr Nanos kWarmUp{1'000'000'000};
    static constexpr Nanos kMargin{200'000'000};
    struct Reading {
        std::uint64_t others = 0;
        std::uint64_t segments = 0;
        std::uint64_t requests = 0;
    };
    std::optional<Reading> warm_;
    Reading last_;
};

void expect_no_allocations(const plan::RunPlan& plan, std::uint64_t first_uses = 0) {
    AllocationWatch watch;
    const auto result = run(plan, nullptr, &watch, RunControl());
    ASSERT_TRUE(result);
    EXPECT_EQ(result->statistics.failed(), 0U);
    EXPECT_EQ(result->statistics.slowest().sorted().size(), 10U);
    watch.expect_none(kHistograms, first_uses);
}

class SteadyStateTest : public testing::TestWithParam<plan::Protocol> {};

TEST_P(SteadyStateTest, TheClosedLoopAllocatesNothing) {
    const ServerProcess server;
    plan::RunPlan plan = make_plan(server.url());
    plan.connections.protocol = GetParam();
    plan.connections.streams = 4;
    plan.connections.max_connections = 4;
    plan.closed_loop = plan::ClosedLoop{.concurrency = 16, .duration = kDuration, .max_requests = 0};
    expect_no_allocations(plan);
}

TEST_P(SteadyStateTest, TheOpenModelAllocatesNothing) {
    const ServerProcess server;
    plan::RunPlan plan = make_plan(server.url());
    plan.connections.protocol = GetParam();
    // Behind a busy machine work piles up, which takes exchanges and streams: so many, and no more.
    plan.connections.max_connections = 1;
    plan.max_in_flight = 64;
    plan.load = pacing::make_constant_load({.count = 5'000, .per = Nanos(1'000'000'000)}, kDuration).value();
    expect_no_allocations(plan, plan.max_in_flight * 20);
}

INSTANTIATE_TEST_SUITE_P(Protocols, SteadyStateTest,
                         testing::Values(plan::Protocol::kHttp1, plan::Protocol::kHttp2Cleartext),
                         [](const auto& test) {
                             return test.param == plan::Protocol::kHttp1 ? "Http1" : "Http2";
                         });

// -- Virtual users

/// Sixteen users who take this step again and again, until the drain ends.
plan::RunPlan endless_users(const std::string& url, const std::string& step) {
    const std::string script = R"({"config": {"target": ")" + url.substr(0, url.size() - 1) +
                               R"(", "variables": {"found": "first"},
                       "phases": [{"duration": 0.2, "arrivalCount": 16}]},
            "scenarios": [{"flow": [{"loop": [)" +
                               step + R"(], "count": -1}]}]})";
    scenario::LoadOptions options;
    options.script = "script.json";
    options.functions = &scripting::built_in_functions();
    options.read_file = [&script](const std::string&, std::size_t) -> Result<std::string> { return script; };
    scenario::Loaded loaded = scenario::load_scenario(options);
    EXPECT_TRUE(loaded.ok) << (loaded.findings.empty() ? "" : loaded.findings.front().message);
    plan::RunPlan plan;
    plan.scenario = loaded.plan;
    plan.load = std::move(loaded.load);
    plan.connections = loaded.connections;
    plan.sequence_header = false;
    plan.traceparent = true;
    plan.drain = kDuration;
    plan.threads = 1;
    return plan;
}

TEST(UsersSteadyStateTest, AStepThatIsTheSameForEverybodyAllocatesNothing) {
    const ServerProcess server;
    const plan::RunPlan plan = endless_users(
        server.url(), R"({"post": {"url": "/orders?first=1", "json": {"items": [1, 2], "note": "as always"},
                                   "headers": {"x-a-long-name": "and a value that fits into no small string"}}})");
    AllocationWatch watch;
    ASSERT_TRUE(run(plan, nullptr, &watch, RunControl()));
    watch.expect_none(kUserHistograms);
}

// A request of its own each time, in the room of an earlier one: URL, fields, body, head.
TEST(UsersSteadyStateTest, AStepWithTemplatesAllocatesNothing) {
    const ServerProcess server;
    const plan::RunPlan plan = endless_users(
        server.url(),
        R"({"post": {"url": "/orders/{{ found }}", "json": {"items": [1, 2], "note": "{{ found }}"},
                     "headers": {"x-a-long-name": "a value that fits into no small string, {{ found }}"}}})");
    AllocationWatch watch;
    ASSERT_TRUE(run(plan, nullptr, &watch, RunControl()));
    watch.expect_none(kUserHistograms, kFirstRequests);
}

// What is found lives on in the user's variables.
TEST(UsersSteadyStateTest, ACaptureAllocatesLittle) {
    const ServerProcess server;
    const plan::RunPlan plan =
        endless_users(server.url(), R"({"get": {"url": "/", "capture": {"regexp": "h.*", "as": "found"}}})");
    AllocationWatch watch;
    ASSERT_TRUE(run(plan, nullptr, &watch, RunControl()));
    EXPECT_GT(watch.each(), 0);
    EXPECT_LE(watch.each(), 4);
}

}  // namespace
}  // namespace loadgen::engine::test
