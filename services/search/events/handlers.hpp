// Keeps the copy of the catalogue as the news say.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::search {

void add_consumers(runtime::Consumers& consumers, runtime::ServiceContext& context);

}  // namespace loadgen::services::search
