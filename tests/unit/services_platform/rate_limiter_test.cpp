#include "services/platform/rate_limiter.hpp"

#include <gtest/gtest.h>

#include "services/platform/answers.hpp"
#include "services/platform/middlewares/rate_limit.hpp"
#include "tests/unit/services_platform/fake_call.hpp"

namespace loadgen::services::platform {
namespace {

using std::chrono::seconds;
using test::AnswerKeeper;
using test::field;

// In the middle of nowhere: neither a minute nor a segment begins at the clock's zero.
constexpr Instant kMinute{seconds(60 * 1000)};

RateLimiterOptions options(RateLimiterOptions::Window window, RateLimits limits = {}) {
    RateLimiterOptions made;
    made.window = window;
    made.limits = limits;
    return made;
}

using Window = RateLimiterOptions::Window;

TEST(FixedWindow, StartsAnewEveryMinute) {
    RateLimiter limiter(options(Window::kFixed));
    for (std::uint32_t left = 3; left > 0; --left) {
        const auto verdict = limiter.take("a", 3, kMinute + seconds(59));
        EXPECT_TRUE(verdict.allowed);
        EXPECT_EQ(verdict.remaining, left - 1);
    }
    EXPECT_FALSE(limiter.take("a", 3, kMinute + seconds(59)).allowed);
    EXPECT_FALSE(limiter.take("a", 3, kMinute + seconds(60) - Nanos(1)).allowed);
    EXPECT_TRUE(limiter.take("b", 3, kMinute + seconds(59)).allowed);
    EXPECT_EQ(limiter.take("a", 3, kMinute + seconds(60)).remaining, 2U);
}

TEST(SlidingWindow, GivesEachSegmentBackAMinuteLater) {
    RateLimiter limiter(options(Window::kSliding));
    EXPECT_TRUE(limiter.take("a", 3, kMinute).allowed);
    EXPECT_TRUE(limiter.take("a", 3, kMinute + seconds(15)).allowed);
    EXPECT_TRUE(limiter.take("a", 3, kMinute + seconds(59)).allowed);
    EXPECT_FALSE(limiter.take("a", 3, kMinute + seconds(59)).allowed);
    EXPECT_TRUE(limiter.take("a", 3, kMinute + seconds(60)).allowed);  // the first one's segment
    EXPECT_FALSE(limiter.take("a", 3, kMinute + seconds(69)).allowed);
    EXPECT_TRUE(limiter.take("a", 3, kMinute + seconds(70)).allowed);  // the second one's
    EXPECT_FALSE(limiter.take("a", 3, kMinute + seconds(71)).allowed);
    EXPECT_EQ(limiter.take("a", 3, kMinute + seconds(1000)).remaining, 2U);
}

TEST(SlidingWindow, RefusedRequestsCountForNothing) {
    RateLimiter limiter(options(Window::kSliding));
    for (int i = 0; i < 100; ++i) limiter.take("a", 1, kMinute + seconds(i % 10));
    EXPECT_TRUE(limiter.take("a", 1, kMinute + seconds(60)).allowed);
}

TEST(SlidingWindow, AClockThatStandsStillOrLagsIsHarmless) {
    RateLimiter limiter(options(Window::kSliding));
    EXPECT_TRUE(limiter.take("a", 2, kMinute + seconds(30)).allowed);
    EXPECT_TRUE(limiter.take("a", 2, kMinute).allowed);  // another worker read its clock earlier
    EXPECT_FALSE(limiter.take("a", 2, kMinute + seconds(30)).allowed);
}

TEST(Partitions, AreBoundedAndStrangersShareOne) {
    RateLimiterOptions bounded = options(Window::kSliding);
    bounded.max_partitions = 2;
    RateLimiter limiter(bounded);
    EXPECT_TRUE(limiter.take("a", 1, kMinute).allowed);
    EXPECT_TRUE(limiter.take("b", 1, kMinute).allowed);
    EXPECT_TRUE(limiter.take("c", 1, kMinute).allowed);
    EXPECT_FALSE(limiter.take("d", 1, kMinute).allowed);  // c's count is everybody's
    EXPECT_EQ(limiter.partitions(), 2U);
    EXPECT_FALSE(limiter.take("a", 1, kMinute).allowed);
    // A minute of silence later the old ones make room.
    EXPECT_TRUE(limiter.take("d", 1, kMinute + seconds(60)).allowed);
    EXPECT_EQ(limiter.partitions(), 1U);
}

class FixedClock final : public Clock {
  public:
    Instant now() const override { return time; }
    WallTime wall_now() const override { return {}; }
    Instant time = kMinute;
};

struct RateLimitTest : ::testing::Test {
    FixedClock clock;
    AnswerKeeper keeper{nullptr, clock};

    CallPtr call(std::string peer, std::string path = "/x") {
        peers.push_back(std::make_unique<std::string>(std::move(peer)));
        auto made = keeper.call("GET", std::move(path));
        made->peer = *peers.back();
        return made;
    }
    CallPtr user(std::string sub, auth::UserType type) {
        auto made = call("127.0.0.1");
        made->identity.state = auth::Identity::State::kKnown;
        made->identity.claims.sub = std::move(sub);
        made->identity.claims.user_type = type;
        return made;
    }
    static int allowed(RateLimiter& limiter, const CallPtr& call) {
        int count = 0;
        while (count < 1000 && !limiter.check(*call)) ++count;
        return count;
    }
    std::vector<std::unique_ptr<std::string>> peers;
};

TEST_F(RateLimitTest, GoesByUserAndTypeAndStrangersByAddress) {
    RateLimiter limiter(
        options(Window::kSliding, {.premium = 200, .admin = 150, .standard = 60, .unknown = 30}));
    EXPECT_EQ(allowed(limiter, user("1", auth::UserType::kStandard)), 60);
    EXPECT_EQ(allowed(limiter, user("2", auth::UserType::kPremium)), 200);
    EXPECT_EQ(allowed(limiter, user("3", auth::UserType::kAdmin)), 150);
    EXPECT_EQ(allowed(limiter, user("10.0.0.1", auth::UserType::kStandard)), 60);
    EXPECT_EQ(allowed(limiter, call("10.0.0.1")), 30);
    EXPECT_EQ(allowed(limiter, call("10.0.0.2")), 30);
    EXPECT_EQ(allowed(limiter, call("10.0.0.1")), 0);
}

TEST_F(RateLimitTest, IsOffByDefault) {
    RateLimiter limiter(RateLimiterOptions{});
    EXPECT_EQ(allowed(limiter, call("10.0.0.1")), 1000);
    EXPECT_EQ(limiter.partitions(), 0U);
}

TEST_F(RateLimitTest, OnePartitionCanServeAll) {
    RateLimiterOptions shared = options(Window::kFixed, RateLimits::same(20));
    shared.partition = RateLimiterOptions::Partition::kShared;
    RateLimiter limiter(shared);
    EXPECT_EQ(allowed(limiter, user("1", auth::UserType::kStandard)), 20);
    EXPECT_EQ(allowed(limiter, call("10.0.0.1")), 0);
}

TEST_F(RateLimitTest, TheRefusalNamesThePolicy) {
    RateLimiterOptions named = options(Window::kFixed, RateLimits::same(1));
    named.policy = "orders-write";
    RateLimiter limiter(named);
    const auto caller = user("1", auth::UserType::kPremium);
    caller->set_error_shape(error_shapes::orders);
    caller->correlation_id = "c1";
    EXPECT_EQ(limiter.check(*caller), std::nullopt);
    const auto refusal = limiter.check(*caller);
    ASSERT_TRUE(refusal.has_value());
    EXPECT_EQ(refusal->status, 429);
    EXPECT_EQ(field(*refusal, "retry-after"), "60");
    EXPECT_EQ(field(*refusal, "x-ratelimit-policy"), "orders-write");
    EXPECT_EQ(field(*refusal, "x-ratelimit-remaining"), "0");
    EXPECT_EQ(
        refusal->body,
        R"({"error":"RATE_LIMIT_EXCEEDED","message":"too many requests; try again later","retryAfter":60,)"
        R"("userType":"PREMIUM","correlationId":"c1"})");
}

TEST_F(RateLimitTest, LimitsRoutesAndWholeServicesButNotHealth) {
    const auto limiter = std::make_shared<RateLimiter>(options(Window::kFixed, RateLimits::same(1)));
    const Handler handler = limited(limiter, [](const CallPtr& call) { call->answer(empty_answer(204)); });
    handler(call("a"));
    handler(call("a"));
    EXPECT_EQ(keeper.answers.at(0).status, 204);
    EXPECT_EQ(keeper.answers.at(1).status, 429);
    RateLimit everywhere(limiter);
    EXPECT_TRUE(everywhere.on_request(*call("a")).has_value());
    EXPECT_FALSE(everywhere.on_request(*call("a", "/health/ready")).has_value());
    EXPECT_FALSE(everywhere.on_request(*call("b")).has_value());
}

}  // namespace
}  // namespace loadgen::services::platform
