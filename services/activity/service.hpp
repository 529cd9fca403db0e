// The activity service: what happened to products, users and orders, as their events tell.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::activity {

extern const runtime::ServiceType kActivity;

}  // namespace loadgen::services::activity
