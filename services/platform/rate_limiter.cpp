#include "services/platform/rate_limiter.hpp"

#include <algorithm>
#include <numeric>

#include "services/platform/error_body.hpp"

namespace loadgen::services::platform {
namespace {

constexpr int kTooManyRequests = 429;

std::uint32_t limit_of(const RateLimits& limits, const auth::Identity& caller) {
    if (caller.state != auth::Identity::State::kKnown) return limits.unknown;
    switch (caller.claims.user_type) {
        case auth::UserType::kPremium:
            return limits.premium;
        case auth::UserType::kAdmin:
            return limits.admin;
        case auth::UserType::kStandard:
            return limits.standard;
    }
    return limits.unknown;
}

/// Users and addresses must not meet: a user may be called like an address.
std::string partition_of(const Call& call, RateLimiterOptions::Partition by) {
    if (by == RateLimiterOptions::Partition::kShared) return {};
    if (call.identity.state == auth::Identity::State::kKnown) return "u" + call.identity.claims.sub;
    return "a" + std::string(call.peer);
}

}  // namespace

RateLimiter::RateLimiter(RateLimiterOptions options) : options_(std::move(options)) {}

RateLimiter::Verdict RateLimiter::take(std::string_view partition, std::uint32_t limit, Instant now) {
    const bool sliding = options_.window == RateLimiterOptions::Window::kSliding;
    const auto segments = static_cast<std::int64_t>(sliding ? kSegments : 1);
    const std::int64_t segment = now.time_since_epoch() / std::max(options_.length / segments, Nanos(1));
    const std::lock_guard lock(mutex_);
    Count& count = find(partition, segment);
    // Segments that a window has passed over since the last visit start anew.
    const std::int64_t first = std::max(count.last + 1, segment - segments + 1);
    for (std::int64_t i = first; i <= segment; ++i) count.segments[i % segments] = 0;
    count.last = std::max(count.last, segment);
    const std::uint32_t used = std::accumulate(count.segments, count.segments + segments, 0U);
    if (used >= limit) return {false, 0};
    ++count.segments[count.last % segments];
    return {true, limit - used - 1};
}

RateLimiter::Count& RateLimiter::find(std::string_view partition, std::int64_t segment) {
    std::string key(partition);
    const auto found = counts_.find(key);
    if (found != counts_.end()) return found->second;
    if (counts_.size() >= options_.max_partitions) drop_stale(segment);
    if (counts_.size() >= options_.max_partitions) return overflow_;
    Count fresh;
    fresh.last = segment;
    return counts_.emplace(std::move(key), fresh).first->second;
}

/// Forgets who was silent for a window: at most once a segment, as it looks at all.
void RateLimiter::drop_stale(std::int64_t segment) {
    if (segment == swept_) return;
    swept_ = segment;
    const bool sliding = options_.window == RateLimiterOptions::Window::kSliding;
    const std::int64_t oldest = segment - static_cast<std::int64_t>(sliding ? kSegments : 1);
    std::erase_if(counts_, [oldest](const auto& entry) { return entry.second.last <= oldest; });
}

std::size_t RateLimiter::partitions() const {
    const std::lock_guard lock(mutex_);
    return counts_.size();
}

std::optional<http::Response> RateLimiter::check(Call& call) {
    const std::uint32_t limit = limit_of(options_.limits, call.identity);
    if (limit == 0) return std::nullopt;
    const Verdict verdict = take(partition_of(call, options_.partition), limit, call.loop().now());
    if (verdict.allowed) return std::nullopt;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(options_.length).count();
    http::Response response = error_response(call, Failure{.status = kTooManyRequests,
                                                           .message = "too many requests; try again later",
                                                           .retry_after_seconds = static_cast<int>(seconds)});
    response.headers.push_back({"x-ratelimit-policy", options_.policy});
    response.headers.push_back({"x-ratelimit-remaining", "0"});
    return response;
}

Handler limited(std::shared_ptr<RateLimiter> limiter, Handler handler) {
    return [limiter = std::move(limiter), handler = std::move(handler)](const CallPtr& call) {
        auto refusal = limiter->check(*call);
        if (refusal) return call->answer(std::move(*refusal));
        handler(call);
    };
}

}  // namespace loadgen::services::platform
