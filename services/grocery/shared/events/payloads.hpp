// What the grocery services tell each other: the data of their events, written and read in one place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace loadgen::services::grocery {

// Readers return kSyntax with what is wrong ('event data: "listId" must be a non-empty text').

/// An import changed what a retailer offers.
struct PromotionsImported {
    static constexpr std::string_view kType = "grocery.promotionsImported.v1";
    std::string batch_id;
    std::string retailer_id;
    std::vector<std::string> promotion_ids;
    std::string valid_from;   ///< earliest day of any of them
    std::string valid_until;  ///< latest
};
std::string write(const PromotionsImported& event);
Result<PromotionsImported> read_promotions_imported(std::string_view data);

/// A user's favourite can be had at a lower price. Once for each user, favourite and promotion.
struct FavouriteOnOffer {
    static constexpr std::string_view kType = "grocery.favouriteOnOffer.v1";
    std::string user_id;
    std::string favourite;
    std::string promotion_id;
    std::string retailer_id;
    std::int64_t offer_price_cents = 0;
    std::string valid_until;
};
std::string write(const FavouriteOnOffer& event);
Result<FavouriteOnOffer> read_favourite_on_offer(std::string_view data);

/// A list has a new version. `members` are those who may see it now; of a deleted list, nobody.
struct ListChanged {
    static constexpr std::string_view kType = "grocery.listChanged.v1";
    std::string list_id;
    std::int64_t version = 0;
    std::string change;  ///< "itemAdded"; change.hpp of the lists service names them all
    std::string item_id;
    std::string actor_user_id;
    std::vector<std::string> member_ids;
};
std::string write(const ListChanged& event);
Result<ListChanged> read_list_changed(std::string_view data);

/// Somebody may use a list now.
struct ListShared {
    static constexpr std::string_view kType = "grocery.listShared.v1";
    std::string list_id;
    std::string user_id;
    std::string role;
    std::string actor_user_id;
};
std::string write(const ListShared& event);
Result<ListShared> read_list_shared(std::string_view data);

/// Somebody did something with a promotion or a word; for the statistics.
struct ItemEvent {
    static constexpr std::string_view kType = "grocery.itemEvent.v1";
    static constexpr std::string_view kViewed = "viewed";
    static constexpr std::string_view kAdded = "added";
    static constexpr std::string_view kChecked = "checked";
    static constexpr std::string_view kFavourited = "favourited";
    static constexpr std::string_view kSearched = "searched";
    std::string action;
    std::string user_id = {};       ///< empty: nobody who is known
    std::string promotion_id = {};  ///< empty where there is none; so are the next two
    std::string retailer_id = {};
    std::string term = {};
    std::optional<std::int64_t> hits = {};  ///< of a search
};
std::string write(const ItemEvent& event);
Result<ItemEvent> read_item_event(std::string_view data);

}  // namespace loadgen::services::grocery
