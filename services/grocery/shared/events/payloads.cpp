#include "services/grocery/shared/events/payloads.hpp"

#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"

namespace loadgen::services::grocery {
namespace {

using contracts::Payload;

void write_texts(text::JsonWriter& out, std::string_view name, const std::vector<std::string>& texts) {
    out.key(name).begin_array();
    for (const std::string& text : texts) out.string(text);
    out.end_array();
}

void write_optional(text::JsonWriter& out, std::string_view name, std::string_view value) {
    if (!value.empty()) out.key(name).string(value);
}

std::string optional_text(Payload& payload, std::string_view name) {
    return payload.optional_text(name).value_or(std::string());
}

template <typename Event>
Result<Event> checked(const Payload& payload, Event event) {
    if (!payload.ok()) return payload.error();
    return event;
}

}  // namespace

std::string write(const PromotionsImported& event) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("batchId").string(event.batch_id).key("retailerId").string(event.retailer_id);
    write_texts(out, "promotionIds", event.promotion_ids);
    out.key("validFrom").string(event.valid_from).key("validUntil").string(event.valid_until).end_object();
    return data;
}

Result<PromotionsImported> read_promotions_imported(std::string_view data) {
    Payload payload(data);
    PromotionsImported event;
    event.batch_id = payload.text("batchId");
    event.retailer_id = payload.text("retailerId");
    event.promotion_ids = payload.texts("promotionIds");
    event.valid_from = payload.text("validFrom");
    event.valid_until = payload.text("validUntil");
    return checked(payload, std::move(event));
}

std::string write(const FavouriteOnOffer& event) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("userId").string(event.user_id).key("favourite").string(event.favourite);
    out.key("promotionId").string(event.promotion_id).key("retailerId").string(event.retailer_id);
    out.key("offerPriceCents").integer(event.offer_price_cents);
    out.key("validUntil").string(event.valid_until).end_object();
    return data;
}

Result<FavouriteOnOffer> read_favourite_on_offer(std::string_view data) {
    Payload payload(data);
    FavouriteOnOffer event;
    event.user_id = payload.text("userId");
    event.favourite = payload.text("favourite");
    event.promotion_id = payload.text("promotionId");
    event.retailer_id = payload.text("retailerId");
    event.offer_price_cents = payload.integer("offerPriceCents");
    event.valid_until = payload.text("validUntil");
    return checked(payload, std::move(event));
}

std::string write(const ListChanged& event) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("listId").string(event.list_id).key("version").integer(event.version);
    out.key("change").string(event.change);
    write_optional(out, "itemId", event.item_id);
    out.key("actorUserId").string(event.actor_user_id);
    write_texts(out, "memberIds", event.member_ids);
    out.end_object();
    return data;
}

Result<ListChanged> read_list_changed(std::string_view data) {
    Payload payload(data);
    ListChanged event;
    event.list_id = payload.text("listId");
    event.version = payload.integer("version");
    event.change = payload.text("change");
    event.item_id = optional_text(payload, "itemId");
    event.actor_user_id = payload.text("actorUserId");
    event.member_ids = payload.texts("memberIds");
    return checked(payload, std::move(event));
}

std::string write(const ListShared& event) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object().key("listId").string(event.list_id).key("userId").string(event.user_id);
    out.key("role").string(event.role).key("actorUserId").string(event.actor_user_id).end_object();
    return data;
}

Result<ListShared> read_list_shared(std::string_view data) {
    Payload payload(data);
    ListShared event;
    event.list_id = payload.text("listId");
    event.user_id = payload.text("userId");
    event.role = payload.text("role");
    event.actor_user_id = payload.text("actorUserId");
    return checked(payload, std::move(event));
}

std::string write(const ItemEvent& event) {
    std::string data;
    text::JsonWriter out(data);
    out.begin_object();
    write_optional(out, "userId", event.user_id);
    out.key("action").string(event.action);
    write_optional(out, "promotionId", event.promotion_id);
    write_optional(out, "retailerId", event.retailer_id);
    write_optional(out, "term", event.term);
    if (event.hits) out.key("hits").integer(*event.hits);
    out.end_object();
    return data;
}

Result<ItemEvent> read_item_event(std::string_view data) {
    Payload payload(data);
    ItemEvent event;
    event.action = payload.text("action");
    event.user_id = optional_text(payload, "userId");
    event.promotion_id = optional_text(payload, "promotionId");
    event.retailer_id = optional_text(payload, "retailerId");
    event.term = optional_text(payload, "term");
    if (const auto hits = payload.optional_number("hits")) event.hits = static_cast<std::int64_t>(*hits);
    return checked(payload, std::move(event));
}

}  // namespace loadgen::services::grocery
