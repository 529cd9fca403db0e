// The statistics of the grocery services: what is seen, wanted, bought and looked for in vain.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::stats {

extern const runtime::ServiceType kStats;

}  // namespace loadgen::services::grocery::stats
