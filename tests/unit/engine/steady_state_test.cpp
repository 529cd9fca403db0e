// The steady state allocates nothing: a run of 25 000 requests makes as many heap allocations as one of 5
// 000, but for the histogram segments that rarer latencies open, and these are bounded by the histograms' own
// size.
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
#include <cstdio>
#include <cstdlib>

#include "loadgen/engine/engine.hpp"
#include "tests/support/peer/peer_server.hpp"
#include "tests/unit/engine/session_driver.hpp"

namespace {
std::atomic<std::uint64_t> counted{0};
std::atomic<std::int64_t> live_bytes{0};

void* note(void* block) {
    counted.fetch_add(1, std::memory_order_relaxed);
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
    return note(__libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) {
    return note(__libc_calloc(count, size));
}
void* realloc(void* block, std::size_t size) {
    forget(block);
    return note(__libc_realloc(block, size));
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
    return plan;
}

/// Allocations of a whole run that answers every request.
std::uint64_t allocations_of(const plan::RunPlan& plan, std::uint64_t requests) {
    const std::uint64_t before = counted.load();
    const auto result = run(plan, nullptr, nullptr, RunControl());
    const std::uint64_t after = counted.load();
    EXPECT_TRUE(result);
    EXPECT_EQ(result->issued, requests);
    EXPECT_EQ(result->statistics.failed(), 0U);
    return after - before;
}

// Segments of histograms, intervals of series (one packed histogram a second) and their vectors: what 20 000
// further requests may add. One allocation in a hundred requests would be more.
constexpr std::uint64_t kSlack = 200;

class SteadyStateTest : public testing::TestWithParam<plan::Protocol> {};

TEST_P(SteadyStateTest, TheClosedLoopAllocatesNothingForARequest) {
    const ServerProcess server;
    std::uint64_t made[2] = {};
    for (const std::uint64_t requests : {1'000U, 5'000U, 25'000U}) {
        plan::RunPlan plan = make_plan(server.url());
        plan.connections.protocol = GetParam();
        plan.connections.streams = 4;
        plan.connections.max_connections = 4;
        plan.closed_loop =
            plan::ClosedLoop{.concurrency = 16, .duration = Nanos(0), .max_requests = requests};
        const auto count = allocations_of(plan, requests);
        if (requests > 1'000) made[requests == 5'000 ? 0 : 1] = count;  // the first run warms libraries up
    }
    EXPECT_LT(made[1], made[0] + kSlack);
    std::printf("5 000 requests: %lu allocations, 25 000: %lu\n", made[0], made[1]);
}

TEST_P(SteadyStateTest, TheOpenModelAllocatesNothingForARequest) {
    const ServerProcess server;
    std::uint64_t made[2] = {};
    for (const std::uint64_t requests : {1'000U, 5'000U, 25'000U}) {
        plan::RunPlan plan = make_plan(server.url());
        plan.connections.protocol = GetParam();
        plan.connections.max_connections = 16;
        plan.load = pacing::make_constant_load({.count = 5'000, .per = Nanos(1'000'000'000)},
                                               Nanos(static_cast<std::int64_t>(requests) * 200'000))
                        .value();
        const auto count = allocations_of(plan, requests);
        if (requests > 1'000) made[requests == 5'000 ? 0 : 1] = count;
    }
    // Work that piles up behind a busy machine makes exchanges, which are kept; 5 000 a second leave room for
    // that.
    EXPECT_LT(made[1], made[0] + 10 * kSlack);
    std::printf("5 000 requests: %lu allocations, 25 000: %lu\n", made[0], made[1]);
}

INSTANTIATE_TEST_SUITE_P(Protocols, SteadyStateTest,
                         testing::Values(plan::Protocol::kHttp1, plan::Protocol::kHttp2Cleartext),
                         [](const auto& test) {
                             return test.param == plan::Protocol::kHttp1 ? "Http1" : "Http2";
                         });

}  // namespace
}  // namespace loadgen::engine::test
