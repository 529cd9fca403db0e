// The command line that every service of the set understands.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/telemetry/logger.hpp"
#include "services/platform/server.hpp"

namespace loadgen::services::platform {

struct ServiceOptions {
    ServerOptions server;
    std::string data;                                            ///< folder of the databases
    telemetry::LogLevel log_level = telemetry::LogLevel::kWarn;  ///< info adds a line for every good request
    std::string access_log;                                      ///< file, "-" for stderr, empty for none
    bool help = false;                                           ///< asked for; nothing else was checked
};

/// Reads "--name value" and "--name=value". kUsage names the argument, what was found and what is allowed.
Result<ServiceOptions> parse_service_options(std::span<const std::string_view> arguments);

/// One line an option, for --help.
std::string service_options_help();

}  // namespace loadgen::services::platform
