// Who emits telemetry: the resource of OpenTelemetry's data model, one for each service of the process.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/telemetry/span.hpp"

namespace loadgen::telemetry {

/// What identifies a service. Empty texts are not emitted.
struct Resource {
    std::string service_name;
    std::string service_version = {};
    std::string service_namespace = {};
    std::string service_instance_id = {};
    std::string environment = {};  ///< deployment.environment.name
    Attributes extra = {};

    /// service.*, deployment.environment.name, telemetry.sdk.* and `extra`. A service without a name is
    /// called "unknown_service", as the conventions demand.
    Attributes attributes() const;
    friend bool operator==(const Resource&, const Resource&) = default;
};

/// The resources of a process by scope index. Only grows. Thread-safe.
class ResourceTable {
  public:
    using Snapshot = std::shared_ptr<const std::vector<Resource>>;

    /// The index of `resource`; the same resource has the same index.
    std::size_t add(const Resource& resource);
    Snapshot snapshot() const;

  private:
    mutable std::mutex mutex_;
    Snapshot resources_ = std::make_shared<const std::vector<Resource>>();
};

}  // namespace loadgen::telemetry
