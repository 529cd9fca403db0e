// The options of a process that serves: where it listens, how long it waits, what it logs.
#pragma once

#include <string>
#include <vector>

#include "common/telemetry/logger.hpp"
#include "services/platform/option_table.hpp"
#include "services/platform/server.hpp"

namespace loadgen::services::platform {

struct ServiceOptions {
    ServerOptions server;
    std::string data;     ///< folder of the databases
    std::string version;  ///< told in X-Service-Version; empty: not told
    telemetry::LogLevel log_level = telemetry::LogLevel::kWarn;  ///< info adds a line for every good request
    std::string access_log;                                      ///< file, "-" for stderr, empty for none
};

/// Takes an IP literal.
OptionValue into_host(std::string& host);

/// Rows that write into `options`, which must outlive them. Where to listen is a group of its own: a
/// supervisor decides that itself.
OptionGroup listen_options(ServiceOptions& options);
std::vector<OptionGroup> serving_options(ServiceOptions& options);

}  // namespace loadgen::services::platform
