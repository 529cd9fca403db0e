// The birthday greeter: a service of a host, or a process by itself.
#pragma once

#include "services/platform/service_options.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::birthday {

/// For the table of services.
extern const runtime::ServiceType kBirthday;

/// Opens the store in the data folder and serves until told to end.
Result<void> run(const platform::ServiceOptions& options);

}  // namespace loadgen::services::birthday
