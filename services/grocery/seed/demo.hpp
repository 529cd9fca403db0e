// Offers to play with: fifteen invented retailers and a few hundred offers made from word lists, the same on
// every machine, valid on the day they are made for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/grocery/shared/domain/promotion.hpp"

namespace loadgen::services::grocery::seed {

struct DemoRetailer {
    std::string_view retailer_id;
    std::string_view name;
};

std::span<const DemoRetailer> demo_retailers();
std::string logo_url(const DemoRetailer& retailer);

/// 24 offers, all valid on `today`; their ids do not depend on the day.
std::vector<Promotion> demo_promotions(const DemoRetailer& retailer, Day today);

}  // namespace loadgen::services::grocery::seed
