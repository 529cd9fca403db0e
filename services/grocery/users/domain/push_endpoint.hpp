// Where notifications may be sent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"

namespace loadgen::services::grocery::users {

/// Whom the service may call. A registered address makes us send requests, so by default only this machine
/// may be named: anything else would let a user reach what only we can reach.
enum class PushReach { kLoopback, kAnywhere };

/// What is wrong with `url` as a push endpoint ("must be an http or https URL"), or none. Loopback means
/// 127.0.0.0/8,
/// ::1 or "localhost".
std::optional<std::string> check_push_endpoint(std::string_view url, PushReach reach);

inline constexpr int kPushAttempts = 5;
/// From a failed attempt to the next: 1 s, 2 s, 4 s, 8 s. `attempt` counts from 1.
Nanos push_retry_wait(int attempt);

}  // namespace loadgen::services::grocery::users
