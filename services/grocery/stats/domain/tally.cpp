#include "services/grocery/stats/domain/tally.hpp"

#include "services/grocery/shared/domain/promotion.hpp"

namespace loadgen::services::grocery::stats {
namespace {

std::string_view metric_of(std::string_view action) {
    if (action == ItemEvent::kViewed) return kViews;
    if (action == ItemEvent::kAdded) return kAdds;
    if (action == ItemEvent::kChecked) return kChecks;
    if (action == ItemEvent::kFavourited) return kFavourites;
    if (action == ItemEvent::kSearched) return kSearches;
    return {};
}

}  // namespace

std::vector<Count> counts_of(const ItemEvent& event) {
    std::vector<Count> counts;
    const std::string_view metric = metric_of(event.action);
    if (metric.empty()) return counts;
    const auto add = [&counts](std::string_view dimension, std::string_view key, std::string_view what) {
        if (!key.empty()) counts.push_back({dimension, std::string(key), what});
    };
    if (metric == kSearches) {
        add(kTerm, event.term, kSearches);
        if (event.hits && *event.hits == 0) add(kTerm, event.term, kZeroHits);
        return counts;
    }
    add(kPromotion, event.promotion_id, metric);
    const std::string_view retailer = event.retailer_id;
    add(kRetailer, retailer.empty() ? retailer_of(event.promotion_id) : retailer, metric);
    // The notifier tells of each offer that a favourite found; the user chose the word only once.
    if (metric == kFavourites && event.promotion_id.empty()) add(kTerm, event.term, kFavourites);
    if (metric == kAdds || metric == kChecks) add(kUser, event.user_id, metric);
    return counts;
}

}  // namespace loadgen::services::grocery::stats
