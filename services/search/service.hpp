// The product search service: finds products by what people call them.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::search {

extern const runtime::ServiceType kSearch;

}  // namespace loadgen::services::search
