// The pricing service: quantity discounts, asked for by HTTP or triggered by news of products.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::pricing {

extern const runtime::ServiceType kPricing;

}  // namespace loadgen::services::pricing
