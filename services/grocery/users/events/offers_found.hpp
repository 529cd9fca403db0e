// What the search service answers, as far as the notifier needs it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "services/grocery/shared/domain/calendar.hpp"

namespace loadgen::services::grocery::users {

struct OfferFound {
    std::string promotion_id;
    std::int64_t offer_price_cents = 0;
    Day valid_until;
};
struct OffersFound {
    std::int64_t total = 0;
    std::vector<OfferFound> offers;
};

/// Reads the body of GET /search. kSyntax when it is not that.
Result<OffersFound> read_offers(std::string_view body);

}  // namespace loadgen::services::grocery::users
