#include "services/runtime/options.hpp"

#include <algorithm>

namespace loadgen::services::runtime {
namespace {

using platform::OptionGroup;
using platform::OptionValue;

constexpr double kMaxTimeScale = 1000;
constexpr std::size_t kMaxEnvironment = 32;
constexpr Nanos kShortestLease = std::chrono::milliseconds(10);
constexpr Nanos kLongestLease = std::chrono::hours(12);

/// It ends names of queues, so it has no dot and no space.
OptionValue into_environment(std::string& environment) {
    return {"NAME", "1 to 32 lower-case letters, digits and dashes", [&environment](std::string_view text) {
                environment = text;
                return !text.empty() && text.size() <= kMaxEnvironment &&
                       std::all_of(text.begin(), text.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                       });
            }};
}

OptionValue into_url(std::string& url) {
    return {"URL", "an http:// or https:// URL", [&url](std::string_view text) {
                url = text;
                return text.starts_with("http://") || text.starts_with("https://");
            }};
}

OptionValue into_publish_trace(PublishTrace& how) {
    return {"HOW", "parent or link", [&how](std::string_view text) {
                how = text == "link" ? PublishTrace::kLink : PublishTrace::kParent;
                return text == "parent" || text == "link";
            }};
}

OptionGroup rules(Settings& settings) {
    return {
        "Rules of the services",
        {{"--environment", into_environment(settings.environment),
          "ends the names of queues and begins event sources (default dev)"},
         {"--time-scale", platform::into_decimal(settings.time_scale, 0, kMaxTimeScale),
          "stretches every wait that the rules name, workflow waits and simulated delays too; 0 makes them "
          "instant (default 1)"},
         {"--visibility-timeout",
          platform::into_duration(settings.visibility_timeout, kShortestLease, kLongestLease),
          "an event that is not settled within it comes again (default 30s)"},
         {"--rate-limits", platform::into_switch(settings.rate_limits),
          "limit requests per user; the rest gets 429 (default off)"},
         {"--require-premium", platform::into_switch(settings.require_premium),
          "pricing only for premium users and administrators; others get 403 (default off)"},
         {"--pricing-chaos", platform::into_switch(settings.pricing_chaos),
          "prices in certain ranges are slow or fail (default on)"},
         {"--seed", platform::into_switch(settings.seed_demo),
          "put the demo's catalogue, retailers, promotions and first administrator in (default on)"},
         {"--random-seed", platform::into_number(settings.random_seed, 0, UINT64_MAX),
          "makes stock levels and the like reproducible; 0 takes one from the system (default 0)"},
         {"--fast-passwords", platform::into_switch(settings.fast_passwords),
          "cheap password hashes, for load tests only (default off)"}}};
}

OptionGroup telemetry_rows(Settings& settings) {
    return {
        "Telemetry",
        {{"--otlp", into_url(settings.otlp_url),
          "send spans and metrics there, OTLP over HTTP (default: nothing leaves)"},
         {"--trace-ratio", platform::into_decimal(settings.trace_ratio, 0, 1),
          "share of the traces that begin here which is recorded (default 1)"},
         {"--publish-trace", into_publish_trace(settings.publish_trace),
          "a published event is a child of its request, or of the outbox's run with a link to its request "
          "(default parent)"}}};
}

}  // namespace

std::vector<OptionGroup> settings_options(Settings& settings) {
    return {rules(settings), telemetry_rows(settings)};
}

}  // namespace loadgen::services::runtime
