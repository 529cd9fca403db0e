// What the catalogue does with events: others' public ones become its own private ones, those change its
// rows, and its own changes are told to the public.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::products {

void add_consumers(runtime::Consumers& consumers, runtime::ServiceContext& context);

}  // namespace loadgen::services::products
