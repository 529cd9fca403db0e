// How many requests a caller may make in a minute.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/base/time.hpp"
#include "services/platform/call.hpp"
#include "services/platform/router.hpp"

namespace loadgen::services::platform {

/// Requests a window, by the kind of caller; 0 is no limit.
struct RateLimits {
    std::uint32_t premium = 0;
    std::uint32_t admin = 0;
    std::uint32_t standard = 0;
    std::uint32_t unknown = 0;  ///< callers without a valid token

    static RateLimits same(std::uint32_t all) { return {all, all, all, all}; }
};

struct RateLimiterOptions {
    enum class Window : std::uint8_t {
        kFixed,    ///< counts start anew at every multiple of the window
        kSliding,  ///< six segments; what a segment counted is given back one window later
    };
    enum class Partition : std::uint8_t {
        kCaller,  ///< each user by its id, each stranger by its address
        kShared,  ///< one count for all
    };
    std::string policy = "global";  ///< its name in X-RateLimit-Policy
    Window window = Window::kSliding;
    Partition partition = Partition::kCaller;
    RateLimits limits;
    Nanos length = std::chrono::minutes(1);
    /// Callers counted apart. Those that come when there are more share one count, so that inventing callers
    /// neither costs memory nor lifts the limit.
    std::size_t max_partitions = 10'000;
};

/// One limiter for all threads of a service.
class RateLimiter {
  public:
    explicit RateLimiter(RateLimiterOptions options);

    struct Verdict {
        bool allowed = true;
        std::uint32_t remaining = 0;
    };
    /// Counts one request when it is allowed. Any thread.
    Verdict take(std::string_view partition, std::uint32_t limit, Instant now);
    /// The 429 of `call`, or none when it is within its limit: Retry-After, X-RateLimit-Policy and
    /// X-RateLimit-Remaining.
    std::optional<http::Response> check(Call& call);

    const RateLimiterOptions& options() const { return options_; }
    std::size_t partitions() const;

  private:
    static constexpr std::size_t kSegments = 6;
    struct Count {
        std::int64_t last = 0;  ///< the segment counted last, since the clock's zero
        std::uint32_t segments[kSegments] = {};
    };
    Count& find(std::string_view partition, std::int64_t segment);
    void drop_stale(std::int64_t segment);

    const RateLimiterOptions options_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Count> counts_;  // guarded by mutex_
    Count overflow_;                                 // guarded by mutex_
    std::int64_t swept_ = 0;                         // guarded by mutex_: segment of the last drop_stale
};

/// A handler that only calls within their limit reach: router.add("POST", "/orders", limited(limiter,
/// handler)).
Handler limited(std::shared_ptr<RateLimiter> limiter, Handler handler);

}  // namespace loadgen::services::platform
