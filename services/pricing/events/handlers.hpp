// Prices every product that is created or updated.
#pragma once

#include "services/runtime/service.hpp"

namespace loadgen::services::pricing {

void add_consumers(runtime::Consumers& consumers, runtime::ServiceContext& context);

/// The `data` of pricing.pricingCalculated.v1.
std::string pricing_calculated(std::string_view product_id, double price);
/// The price in the catalogue's answer to GET /product/{id}.
Result<double> read_catalogue_price(std::string_view body);

}  // namespace loadgen::services::pricing
