// The search service: retailers, their offers, and finding them.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::elastic {

extern const runtime::ServiceType kElastic;

}  // namespace loadgen::services::grocery::elastic
