#include "common/base/cause.hpp"

#include <array>

namespace loadgen {
namespace {

constexpr std::array<std::string_view, kCauseCount> kNames{
    "ok",        "http-4xx",        "http-5xx",       "throttled",
    "refused",   "connect-timeout", "unreachable",    "dns",
    "tls",       "reset-idle",      "reset-inflight", "truncated",
    "timeout",   "h2-goaway-lost",  "h2-retryable",   "protocol",
    "ports",     "descriptors",     "unsent",         "cut-off",
    "no-targets"};

}  // namespace

std::string_view cause_name(Cause cause) {
    const auto index = static_cast<std::size_t>(cause);
    return index < kNames.size() ? kNames[index] : "unknown";
}

std::optional<Cause> cause_from_name(std::string_view name) {
    for (std::size_t index = 0; index < kNames.size(); ++index) {
        if (kNames[index] == name) return static_cast<Cause>(index);
    }
    return std::nullopt;
}

bool is_own_fault(Cause cause) {
    switch (cause) {
        case Cause::kPorts:
        case Cause::kDescriptors:
        case Cause::kUnsent:
        case Cause::kNoTargets:
            return true;
        default:
            return false;
    }
}

}  // namespace loadgen
