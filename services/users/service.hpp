// The users service: registration, login, and what completed orders make of a user.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::users {

extern const runtime::ServiceType kUsers;

}  // namespace loadgen::services::users
