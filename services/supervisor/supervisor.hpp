// The parent of the serving processes: opens their sockets, starts them, replaces them, starts again what
// dies, and takes orders on its control socket.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/telemetry/logger.hpp"

namespace loadgen::services::supervisor {

/// A service and where it listens. Port 0: what the data folder remembers, else what the system chooses.
struct ServicePort {
    std::string service;
    std::uint16_t port = 0;
};

struct SupervisorOptions {
    std::string data;  ///< made when missing
    std::string host = "127.0.0.1";
    std::vector<ServicePort> services;
    bool separate = false;  ///< a process a service, instead of one for all
    unsigned instances = 1;
    std::string version = "1.0.0";
    std::string program;                 ///< path of what is started: loadgen-services
    std::vector<std::string> arguments;  ///< for each process, besides services and version
    int backlog = 1024;
    Nanos start_limit = std::chrono::seconds(30);
    Nanos leave_limit = std::chrono::seconds(40);
};

/// Where everything listens, once everything is ready.
struct Ready {
    struct Service {
        std::string name;
        std::string host;
        std::uint16_t port = 0;
        std::string url;
        std::string group;
    };
    std::vector<Service> services;
    Nanos took{0};
};

/// Runs until SIGTERM, SIGINT or an order to stop, and then until every process has drained; a second signal
/// kills them. Calls `ready` once. kUsage when the folder has a supervisor already; kIo when a port is taken
/// or the first processes do not become ready. Call from the main thread of a process that has no other.
Result<void> supervise(const SupervisorOptions& options, const telemetry::Logger& logger,
                       const std::function<void(const Ready&)>& ready);

}  // namespace loadgen::services::supervisor
