#include "services/grocery/lists/domain/list_json.hpp"

#include "services/contracts/payload.hpp"
#include "services/grocery/shared/domain/calendar.hpp"

namespace loadgen::services::grocery::lists {
namespace {

void write_optional(text::JsonWriter& out, std::string_view name, std::string_view value) {
    if (!value.empty()) out.key(name).string(value);
}

void write_common(text::JsonWriter& out, const Item& item) {
    out.key("name").string(item.name).key("quantity").integer(item.quantity);
    write_optional(out, "promotionId", item.promotion_id);
    write_optional(out, "retailerId", item.retailer_id);
    write_optional(out, "note", item.note);
}

}  // namespace

void write_list(text::JsonWriter& out, const List& list) {
    out.begin_object().key("listId").string(list.list_id).key("name").string(list.name);
    out.key("ownerId").string(list.owner_id).key("version").integer(list.version);
    out.key("itemCount").integer(list.items).key("openItems").integer(list.open_items);
    out.key("createdAt").string(format_ms(list.created_ms)).end_object();
}

void write_item(text::JsonWriter& out, const Item& item) {
    out.begin_object().key("itemId").string(item.item_id);
    write_common(out, item);
    out.key("checked").boolean(item.checked).key("version").integer(item.version);
    out.key("addedBy").string(item.added_by).key("createdAt").string(format_ms(item.created_ms)).end_object();
}

std::string item_json(const Item& item) {
    std::string json;
    text::JsonWriter out(json);
    write_item(out, item);
    return json;
}

std::string list_attributes(const List& list) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_object().key("name").string(list.name).key("ownerId").string(list.owner_id);
    out.key("items").integer(list.items).key("openItems").integer(list.open_items);
    out.key("createdMs").integer(list.created_ms).end_object();
    return json;
}

Result<List> read_list(std::string_view attributes) {
    contracts::Payload row(attributes);
    List list;
    list.name = row.text("name");
    list.owner_id = row.text("ownerId");
    list.items = row.integer("items");
    list.open_items = row.integer("openItems");
    list.created_ms = row.integer("createdMs");
    if (!row.ok()) return row.error();
    return list;
}

std::string item_attributes(const Item& item) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_object();
    write_common(out, item);
    out.key("checked").integer(item.checked ? 1 : 0).key("addedBy").string(item.added_by);
    out.key("createdMs").integer(item.created_ms).end_object();
    return json;
}

Result<Item> read_item(std::string_view attributes) {
    contracts::Payload row(attributes);
    Item item;
    item.name = row.text("name");
    item.quantity = row.integer("quantity");
    item.promotion_id = row.optional_text("promotionId").value_or(std::string());
    item.retailer_id = row.optional_text("retailerId").value_or(std::string());
    item.note = row.optional_text("note").value_or(std::string());
    item.checked = row.integer("checked") != 0;
    item.added_by = row.text("addedBy");
    item.created_ms = row.integer("createdMs");
    if (!row.ok()) return row.error();
    return item;
}

}  // namespace loadgen::services::grocery::lists
