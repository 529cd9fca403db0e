// How what people do becomes counters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/grocery/shared/events/payloads.hpp"

namespace loadgen::services::grocery::stats {

// Dimensions: what is counted.
inline constexpr std::string_view kPromotion = "promotion";
inline constexpr std::string_view kRetailer = "retailer";
inline constexpr std::string_view kTerm = "term";
inline constexpr std::string_view kUser = "user";

// Metrics: how often it was what.
inline constexpr std::string_view kViews = "views";
inline constexpr std::string_view kAdds = "adds";
inline constexpr std::string_view kChecks = "checks";
inline constexpr std::string_view kFavourites = "favourites";
inline constexpr std::string_view kSearches = "searches";
inline constexpr std::string_view kZeroHits = "zeroHits";

/// One more of `metric` for `key`.
struct Count {
    std::string_view dimension;
    std::string key;
    std::string_view metric;
    friend bool operator==(const Count&, const Count&) = default;
};

/// The counters that an event raises. A favourite counts for the offers it found and for its word when it is
/// chosen; actions that are not known raise none.
std::vector<Count> counts_of(const ItemEvent& event);

}  // namespace loadgen::services::grocery::stats
