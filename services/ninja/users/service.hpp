// The ninja user service, for the table of services.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::ninja {

extern const runtime::ServiceType kNinjaUsers;

}  // namespace loadgen::services::ninja
