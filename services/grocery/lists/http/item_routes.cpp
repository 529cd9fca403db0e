#include "common/base/uuid.hpp"
#include "services/grocery/lists/domain/list_json.hpp"
#include "services/grocery/lists/events/changes.hpp"
#include "services/grocery/lists/http/access.hpp"
#include "services/grocery/lists/http/routes.hpp"
#include "services/grocery/shared/domain/promotion.hpp"
#include "services/grocery/shared/events/payloads.hpp"
#include "services/grocery/shared/http/callers.hpp"
#include "services/platform/json_body.hpp"

namespace loadgen::services::grocery::lists {
namespace {

using platform::CallPtr;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kNoContent = 204;
constexpr platform::TextRule kName{.min = 1, .max = 200};
constexpr platform::TextRule kNote{.min = 0, .max = 1000, .lines = true};
constexpr platform::IntegerRule kQuantity{.min = 1, .max = kMaxQuantity};

/// Whose request it is and what it is about.
struct Target {
    std::string list_id;
    std::string item_id;
    std::string user_id;
};

http::Response item_answer(int status, const Item& item) {
    return platform::json_answer(status, item_json(item));
}

Result<http::Response> add(Transaction& transaction, const Target& target, Item item) {
    auto access = require_list(transaction, target.list_id, target.user_id);
    if (!access) return std::move(access).error();
    auto known = find_item(transaction.tables(), target.list_id, item.item_id);
    if (!known) return std::move(known).error();
    if (*known) return item_answer(kOk, **known);
    List& list = access->list;
    if (list.items >= kMaxItems)
        return transaction.refuse(conflict("a list has at most " + std::to_string(kMaxItems) + " items"));
    item.added_by = target.user_id;
    item.created_ms = transaction.now_ms();
    ++list.items;
    ++list.open_items;
    auto done = put_item(transaction.tables(), list.list_id, item);
    if (done) {
        done = record_change(transaction, list,
                             {.kind = ChangeKind::kItemAdded, .actor_id = target.user_id, .item = &item});
    }
    if (done) done = tell_item_event(transaction, ItemEvent::kAdded, target.user_id, item);
    if (!done) return std::move(done).error();
    return item_answer(kCreated, item);
}

Result<http::Response> change(Transaction& transaction, const Target& target, const ItemChange& wanted) {
    auto access = require_list(transaction, target.list_id, target.user_id);
    if (!access) return std::move(access).error();
    auto known = find_item(transaction.tables(), target.list_id, target.item_id);
    if (!known) return std::move(known).error();
    if (!*known) return transaction.refuse(not_found("item"));
    Item& item = **known;
    if (wanted.expected_version && *wanted.expected_version != item.version)
        return transaction.refuse(conflict("the item has version " + std::to_string(item.version)));
    const bool was_checked = item.checked;
    if (!apply_change(wanted, item)) return item_answer(kOk, item);
    List& list = access->list;
    if (item.checked != was_checked) list.open_items += item.checked ? -1 : 1;
    auto done = put_item(transaction.tables(), list.list_id, item);
    if (done) {
        done = record_change(transaction, list,
                             {.kind = ChangeKind::kItemChanged, .actor_id = target.user_id, .item = &item});
    }
    if (done && item.checked && !was_checked)
        done = tell_item_event(transaction, ItemEvent::kChecked, target.user_id, item);
    if (!done) return std::move(done).error();
    return item_answer(kOk, item);
}

Result<http::Response> remove(Transaction& transaction, const Target& target) {
    auto access = require_list(transaction, target.list_id, target.user_id);
    if (!access) return std::move(access).error();
    auto known = find_item(transaction.tables(), target.list_id, target.item_id);
    if (!known) return std::move(known).error();
    if (!*known) return transaction.refuse(not_found("item"));
    auto erased = erase_item(transaction.tables(), target.list_id, target.item_id);
    if (!erased) return std::move(erased).error();
    List& list = access->list;
    --list.items;
    if (!(*known)->checked) --list.open_items;
    auto done = record_change(
        transaction, list, {.kind = ChangeKind::kItemRemoved, .actor_id = target.user_id, .item = &**known});
    if (!done) return std::move(done).error();
    return platform::empty_answer(kNoContent);
}

/// What the path and the token say, or none when the call has been answered.
std::optional<Target> require_target(platform::Call& call) {
    auto user_id = require_caller(call);
    if (!user_id) return std::nullopt;
    return Target{std::string(call.parameter("list_id")), std::string(call.parameter("item_id")),
                  std::move(*user_id)};
}

void check_identifier(platform::BodyReader& body, std::string_view name, std::string_view id) {
    if (!id.empty() && !is_identifier(id))
        body.fields().refuse(name, "must be at most 64 letters, digits, '.', '_' or '-'");
}

void post(runtime::ServiceContext& context, const CallPtr& call) {
    auto target = require_target(*call);
    if (!target) return;
    platform::BodyReader body(*call);
    const auto optional = [&](std::string_view name, const platform::TextRule& rule) {
        return body.fields().optional_string(name, rule).value_or(std::string());
    };
    Item item;
    item.item_id = body.fields().optional_string("itemId").value_or(new_uuid());
    check_identifier(body, "itemId", item.item_id);
    item.name = body.string("name", kName);
    item.quantity = body.fields().optional_integer("quantity", kQuantity).value_or(1);
    item.promotion_id = optional("promotionId", {.max = 130});
    item.retailer_id = optional("retailerId", {.max = 64});
    check_identifier(body, "retailerId", item.retailer_id);
    item.note = optional("note", kNote);
    if (!body.ok()) return call->answer(body.refusal());
    context.transact(call, {"INSERT", "user_list_table"},
                     [target = std::move(*target), item = std::move(item)](Transaction& transaction) {
                         return add(transaction, target, item);
                     });
}

void patch(runtime::ServiceContext& context, const CallPtr& call) {
    auto target = require_target(*call);
    if (!target) return;
    platform::BodyReader body(*call);
    platform::FieldReader& fields = body.fields();
    ItemChange wanted;
    wanted.name = fields.optional_string("name", kName);
    wanted.quantity = fields.optional_integer("quantity", kQuantity);
    wanted.checked = fields.optional_boolean("checked");
    wanted.note = fields.optional_string("note", kNote);
    wanted.expected_version = fields.optional_integer("expectedVersion", {.min = 1});
    if (!body.ok()) return call->answer(body.refusal());
    context.transact(call, {"UPDATE", "user_list_table"},
                     [target = std::move(*target), wanted = std::move(wanted)](Transaction& transaction) {
                         return change(transaction, target, wanted);
                     });
}

void erase(runtime::ServiceContext& context, const CallPtr& call) {
    auto target = require_target(*call);
    if (!target) return;
    context.transact(
        call, {"DELETE", "user_list_table"},
        [target = std::move(*target)](Transaction& transaction) { return remove(transaction, target); });
}

}  // namespace

void add_item_routes(platform::Router& router, runtime::ServiceContext& context) {
    router.add("POST", "/lists/{list_id}/items", [&context](const CallPtr& call) { post(context, call); });
    router.add("PATCH", "/lists/{list_id}/items/{item_id}",
               [&context](const CallPtr& call) { patch(context, call); });
    router.add("DELETE", "/lists/{list_id}/items/{item_id}",
               [&context](const CallPtr& call) { erase(context, call); });
}

}  // namespace loadgen::services::grocery::lists
