#include "services/ninja/shared/http/throttle.hpp"

namespace loadgen::services::ninja {
namespace {

constexpr std::uint32_t kBurst = 10;
constexpr Nanos kBurstTime = std::chrono::seconds(5);  // what 2 a second give back a burst in

}  // namespace

std::shared_ptr<platform::RateLimiter> make_throttle(const runtime::Settings& settings) {
    if (!settings.rate_limits) return nullptr;
    platform::RateLimiterOptions options;
    options.policy = "gateway";
    options.partition = platform::RateLimiterOptions::Partition::kShared;
    options.limits = platform::RateLimits::same(kBurst);
    options.length = kBurstTime;
    return std::make_shared<platform::RateLimiter>(std::move(options));
}

}  // namespace loadgen::services::ninja
