// The lists service: shopping lists that several people keep together.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::grocery::lists {

extern const runtime::ServiceType kLists;

}  // namespace loadgen::services::grocery::lists
