// The users service: profiles, installations, favourites, notifications.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::users {

extern const runtime::ServiceType kUsers;

}  // namespace loadgen::services::grocery::users
