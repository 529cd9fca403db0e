// The table of all services: one row is one service.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "common/base/result.hpp"
#include "services/platform/service_options.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services {

struct ServiceRow {
    std::string_view name;  ///< the command, the database file
    std::string_view summary;
    std::uint16_t port_offset;                   ///< from the base of the ports; never changes once given
    const runtime::ServiceType* type = nullptr;  ///< how a host runs it
    /// Serves alone, without a host, until told to end; null for a service that always has one.
    Result<void> (*run)(const platform::ServiceOptions& options) = nullptr;
};

/// In the order of their ports.
std::span<const ServiceRow> service_table();
/// The row of this name, or null.
const ServiceRow* find_service(std::string_view name);

}  // namespace loadgen::services
