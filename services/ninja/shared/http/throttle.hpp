// The gateway's limit in front of each of the three services.
#pragma once

#include <memory>

#include "services/platform/rate_limiter.hpp"
#include "services/runtime/settings.hpp"

namespace loadgen::services::ninja {

/// 2 requests a second over all callers, up to 10 at once: 10 in any five seconds. Null while rate limits are
/// off.
std::shared_ptr<platform::RateLimiter> make_throttle(const runtime::Settings& settings);

}  // namespace loadgen::services::ninja
