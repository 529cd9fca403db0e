// The products service: the catalogue, its prices and stock levels as others announce them.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::products {

extern const runtime::ServiceType kProducts;

}  // namespace loadgen::services::products
