// Runs services in this process: their stores, servers, consumers, workflows and jobs on one bus, one
// background loop, one exporter.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/platform/server.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::runtime {

struct HostedService {
    const ServiceType* type = nullptr;
    platform::ServerOptions server;  ///< where it listens: address, or a socket that the supervisor opened
};

struct HostOptions {
    Settings settings;
    std::vector<HostedService> services;
    /// Services of the same set that run in other processes. Their queues are made here too, so that nothing
    /// is said before they have queues to hear it with.
    std::vector<const ServiceType*> beside;
    telemetry::LogLevel log_level = telemetry::LogLevel::kWarn;
    std::string access_log;  ///< file, "-" for stderr, empty for none
};

/// Where a service of the host listens.
struct ServiceAddress {
    std::string_view service;
    std::string url;
    std::uint16_t port = 0;
};

/// Main thread only, except where noted.
class Host {
  public:
    /// Opens everything, seeds, recovers what a killed process left, starts serving. Services begin to
    /// consume before this returns; their addresses are in `<data>/endpoints/`.
    static Result<std::unique_ptr<Host>> start(const HostOptions& options);
    virtual ~Host() = default;

    virtual std::vector<ServiceAddress> addresses() const = 0;
    virtual const telemetry::Logger& logger() const = 0;
    /// Takes no new work; finishes requests, batches and outboxes that have begun. `done` runs once on a
    /// thread of the host when that is over or the grace is. Health says 503 from now on.
    virtual void begin_drain(std::function<void()> done) = 0;
};

}  // namespace loadgen::services::runtime
