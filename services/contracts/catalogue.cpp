#include "services/contracts/catalogue.hpp"

#include <algorithm>
#include <array>

namespace loadgen::services::contracts {
namespace {

using enum Visibility;

// By type. Of two versions of one fact both are published, the older one first; consumers take one of them.
constexpr std::array kEventTypes = {
    EventType{"grocery.favouriteOnOffer.v1", "grocery", kPrivate,
              "userId:s favourite:s promotionId:s retailerId:s offerPriceCents:n validUntil:s"},
    EventType{"grocery.itemEvent.v1", "grocery", kPublic,
              "userId:s? action:s promotionId:s? retailerId:s? term:s? hits:n?"},
    EventType{"grocery.listChanged.v1", "grocery", kPublic,
              "listId:s version:n change:s itemId:s? actorUserId:s memberIds:a"},
    EventType{"grocery.listShared.v1", "grocery", kPublic, "listId:s userId:s role:s actorUserId:s"},
    EventType{"grocery.promotionsImported.v1", "grocery", kPublic,
              "batchId:s retailerId:s promotionIds:a validFrom:s validUntil:s"},
    EventType{"inventory.outOfStock.v1", "inventory", kPublic, "productId:s"},
    EventType{"inventory.productAdded", "inventory", kPrivate, "productId:s"},
    EventType{"inventory.stockReservationFailed.v1", "inventory", kPublic, "orderNumber:s conversationId:s"},
    EventType{"inventory.stockReserved.v1", "inventory", kPublic, "orderNumber:s conversationId:s"},
    EventType{"inventory.stockUpdated.v1", "inventory", kPublic,
              "productId:s previousStockLevel:n newStockLevel:n version:n?"},
    EventType{"loyalty.pointsAdded.v1", "loyalty", kPublic, "userId:s newPointsTotal:n", "2025-12-31",
              "loyalty.pointsAdded.v2"},
    EventType{"loyalty.pointsAdded.v2", "loyalty", kPublic, "userId:s totalPoints:n difference:n"},
    EventType{"ninja.orderCreateDelayed.v1", "ninja", kPublic, "maximumMs:n thresholdMs:n periodStart:s"},
    EventType{"ninja.orderCreated.v1", "ninja", kPublic, "orderId:s customerName:s orderItemCount:n"},
    EventType{"orders.orderCompleted.v1", "orders", kPublic, "orderNumber:s userId:s", "2025-12-01",
              "orders.orderCompleted.v2"},
    EventType{"orders.orderCompleted.v2", "orders", kPublic, "orderId:s userId:s"},
    EventType{"orders.orderConfirmed.v1", "orders", kPublic, "orderNumber:s userId:s"},
    EventType{"orders.orderCreated.v1", "orders", kPublic, "orderNumber:s userId:s products:a"},
    EventType{"pricing.pricingCalculated.v1", "pricing", kPublic, "productId:s priceBrackets:a price:n?"},
    EventType{"product.pricingChanged", "products", kPrivate, "productId:s priceBrackets:a price:n?"},
    EventType{"product.productCreated", "products", kPrivate, "productId:s name:s price:n"},
    EventType{"product.productCreated.v1", "products", kPublic, "productId:s"},
    EventType{"product.productDeleted", "products", kPrivate, "productId:s"},
    EventType{"product.productDeleted.v1", "products", kPublic, "productId:s"},
    EventType{"product.productUpdated", "products", kPrivate, "productId:s previous:o new:o"},
    EventType{"product.productUpdated.v1", "products", kPublic, "productId:s"},
    EventType{"product.stockUpdated", "products", kPrivate, "productId:s stockLevel:n version:n?"},
    EventType{"users.userCreated.v1", "users", kPublic, "userId:s"},
};

static_assert(std::ranges::is_sorted(kEventTypes, {}, &EventType::type),
              "find_event_type searches by halves");

}  // namespace

std::span<const EventType> event_types() {
    return kEventTypes;
}

const EventType* find_event_type(std::string_view type) {
    const auto* const found = std::ranges::lower_bound(kEventTypes, type, {}, &EventType::type);
    return found != kEventTypes.end() && found->type == type ? found : nullptr;
}

}  // namespace loadgen::services::contracts
