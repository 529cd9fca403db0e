#include "services/grocery/lists/events/changes.hpp"

#include "common/text/json_writer.hpp"
#include "services/grocery/lists/domain/list_json.hpp"
#include "services/grocery/shared/domain/calendar.hpp"
#include "services/grocery/shared/domain/promotion.hpp"
#include "services/grocery/shared/events/payloads.hpp"

namespace loadgen::services::grocery::lists {
namespace {

std::string change_body(const List& list, const NewChange& change, std::int64_t now_ms) {
    std::string json;
    text::JsonWriter out(json);
    out.begin_object().key("version").integer(list.version).key("change").string(change_name(change.kind));
    out.key("actorUserId").string(change.actor_id).key("at").string(format_ms(now_ms));
    if (change.item != nullptr) {
        out.key("itemId").string(change.item->item_id);
        if (change.kind != ChangeKind::kItemRemoved) {
            out.key("item");
            write_item(out, *change.item);
        }
    }
    if (!change.member_id.empty()) out.key("userId").string(change.member_id);
    if (change.kind == ChangeKind::kListCreated || change.kind == ChangeKind::kListRenamed)
        out.key("name").string(list.name);
    out.end_object();
    return json;
}

}  // namespace

Result<void> record_change(runtime::Transaction& transaction, List& list, const NewChange& change) {
    store::Statements& tables = transaction.tables();
    ++list.version;
    transaction.span().set("grocery.list.id", std::string_view(list.list_id));
    transaction.span().set("grocery.list.version", list.version);
    auto done = put_list(tables, list);
    if (!done) return done;
    done = put_change(tables, list.list_id,
                      {.version = list.version,
                       .type = std::string(change_name(change.kind)),
                       .body = change_body(list, change, transaction.now_ms())},
                      transaction.now_ms());
    if (!done) return done;
    const auto members = list_members(tables, list.list_id);
    if (!members) return members.error();
    ListChanged event{.list_id = list.list_id,
                      .version = list.version,
                      .change = std::string(change_name(change.kind)),
                      .item_id = change.item != nullptr ? change.item->item_id : std::string(),
                      .actor_user_id = std::string(change.actor_id),
                      .member_ids = {}};
    for (const Member& member : *members) event.member_ids.push_back(member.user_id);
    return transaction.publish({.type = ListChanged::kType, .data = write(event)});
}

Result<void> record_deletion(runtime::Transaction& transaction, const List& list, std::string_view actor_id) {
    transaction.span().set("grocery.list.id", std::string_view(list.list_id));
    return transaction.publish(
        {.type = ListChanged::kType,
         .data = write(ListChanged{.list_id = list.list_id,
                                   .version = list.version + 1,
                                   .change = std::string(change_name(ChangeKind::kListDeleted)),
                                   .item_id = {},
                                   .actor_user_id = std::string(actor_id),
                                   .member_ids = {}})});
}

Result<void> tell_item_event(runtime::Transaction& transaction, std::string_view action,
                             std::string_view user_id, const Item& item) {
    std::string retailer = item.retailer_id;
    if (retailer.empty()) retailer = retailer_of(item.promotion_id);
    return transaction.publish({.type = ItemEvent::kType,
                                .data = write(ItemEvent{.action = std::string(action),
                                                        .user_id = std::string(user_id),
                                                        .promotion_id = item.promotion_id,
                                                        .retailer_id = std::move(retailer)})});
}

}  // namespace loadgen::services::grocery::lists
