// The birthday greeter as a process.
#pragma once

#include "services/platform/service_options.hpp"

namespace loadgen::services::birthday {

/// Opens the store in the data folder and serves until told to end.
Result<void> run(const platform::ServiceOptions& options);

}  // namespace loadgen::services::birthday
