// What is said on the supervisor's control socket: one JSON object a line (docs/deploys.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::services::supervisor {

inline constexpr std::size_t kMaxRequestBytes = 4096;
inline constexpr unsigned kMaxInstances = 32;

/// How the old instances make way for the new ones.
enum class Strategy : std::uint8_t {
    kRolling,   ///< one at a time: the new one listens on the same socket before the old one drains
    kRecreate,  ///< all drain and leave with the port closed, then the new ones start
    kKill,      ///< SIGKILL and start: what was in flight is lost
};
std::string_view strategy_name(Strategy strategy);

struct DeployRequest {
    std::string version;  ///< 1 to 64 of letters, digits, ". _ + -"
    Strategy strategy = Strategy::kRolling;
    unsigned instances = 0;  ///< 0: as many as there are
    std::string of;          ///< one service; empty: all
};

enum class Command : std::uint8_t { kStatus, kDeploy, kStop };

struct Request {
    Command command = Command::kStatus;
    DeployRequest deploy;  ///< for kDeploy
};

/// One line, without its end. The error names what was found and what is allowed.
Result<Request> parse_request(std::string_view line);
/// The line, with its end.
std::string write_request(const Request& request);

/// True for a text that may name a version.
bool is_version(std::string_view text);
inline constexpr std::string_view kVersionRule = "1 to 64 letters, digits and . _ + -";
/// none when the text names no strategy.
Result<Strategy> parse_strategy(std::string_view text);

}  // namespace loadgen::services::supervisor
