// The greeter's two routes.
#pragma once

#include "common/base/time.hpp"
#include "services/platform/router.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::birthday {

/// PUT and GET /hello/{username}. Everything given must outlive the router; `reader` is the worker's own.
void add_routes(platform::Router& router, store::Store& store, store::Statements& reader, const Clock& clock);

}  // namespace loadgen::services::birthday
