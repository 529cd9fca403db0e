#include "common/base/uuid.hpp"
#include "services/grocery/lists/domain/list_json.hpp"
#include "services/grocery/lists/events/changes.hpp"
#include "services/grocery/lists/http/access.hpp"
#include "services/grocery/lists/http/routes.hpp"
#include "services/grocery/shared/domain/promotion.hpp"
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

http::Response list_answer(int status, const List& list) {
    return platform::json_answer(status, [&](text::JsonWriter& out) { write_list(out, list); });
}

Result<http::Response> create(Transaction& transaction, List list) {
    store::Statements& tables = transaction.tables();
    auto known = find_list(tables, list.list_id);
    if (!known) return std::move(known).error();
    if (*known && (*known)->owner_id == list.owner_id) return list_answer(kOk, **known);
    if (*known) return transaction.refuse(conflict("listId is taken"));
    auto mine = memberships(tables, list.owner_id);
    if (!mine) return std::move(mine).error();
    if (static_cast<std::int64_t>(mine->size()) >= kMaxLists)
        return transaction.refuse(conflict("a user has at most " + std::to_string(kMaxLists) + " lists"));
    list.created_ms = transaction.now_ms();
    auto done = put_member(tables, list.list_id, {list.owner_id, Role::kOwner});
    if (done)
        done =
            record_change(transaction, list, {.kind = ChangeKind::kListCreated, .actor_id = list.owner_id});
    if (!done) return std::move(done).error();
    return list_answer(kCreated, list);
}

Result<http::Response> rename(Transaction& transaction, const std::string& list_id,
                              const std::string& user_id, const std::string& name,
                              std::optional<std::int64_t> expected_version) {
    auto access = require_list(transaction, list_id, user_id);
    if (!access) return std::move(access).error();
    List& list = access->list;
    if (expected_version && *expected_version != list.version)
        return transaction.refuse(conflict("the list has version " + std::to_string(list.version)));
    if (list.name == name) return list_answer(kOk, list);
    list.name = name;
    auto done = record_change(transaction, list, {.kind = ChangeKind::kListRenamed, .actor_id = user_id});
    if (!done) return std::move(done).error();
    return list_answer(kOk, list);
}

Result<http::Response> remove(Transaction& transaction, const std::string& list_id,
                              const std::string& user_id) {
    auto access = require_list(transaction, list_id, user_id, Role::kOwner);
    if (!access) return std::move(access).error();
    auto done = record_deletion(transaction, access->list, user_id);
    if (done) done = erase_list(transaction.tables(), list_id);
    if (!done) return std::move(done).error();
    return platform::empty_answer(kNoContent);
}

/// The handlers of one worker.
class Lists {
  public:
    Lists(runtime::ServiceContext& context, store::Statements& reader) : context_(context), reader_(reader) {}

    void post(const CallPtr& call);
    void list(const CallPtr& call);
    void get(const CallPtr& call);
    void patch(const CallPtr& call);
    void erase(const CallPtr& call);

  private:
    runtime::ServiceContext& context_;
    store::Statements& reader_;
};

void Lists::post(const CallPtr& call) {
    auto user_id = require_caller(*call);
    if (!user_id) return;
    platform::BodyReader body(*call);
    List list;
    list.list_id = body.fields().optional_string("listId").value_or(new_uuid());
    if (!list.list_id.empty() && !is_identifier(list.list_id))
        body.fields().refuse("listId", "must be at most 64 letters, digits, '.', '_' or '-'");
    list.name = body.string("name", kName);
    if (!body.ok()) return call->answer(body.refusal());
    list.owner_id = std::move(*user_id);
    call->span.set("grocery.list.id", list.list_id);
    context_.transact(
        call, {"INSERT", "user_list_table"},
        [list = std::move(list)](Transaction& transaction) { return create(transaction, list); });
}

void Lists::list(const CallPtr& call) {
    const auto user_id = require_caller(*call);
    if (!user_id) return;
    const auto mine = memberships(reader_, *user_id);
    if (!mine) return call->answer(runtime::store_failure(*call, mine.error()));
    std::string body;
    text::JsonWriter out(body);
    out.begin_object().key("items").begin_array();
    for (const Membership& membership : *mine) {
        const auto list = find_list(reader_, membership.list_id);
        if (!list) return call->answer(runtime::store_failure(*call, list.error()));
        if (!*list) continue;  // deleted between the two reads
        out.begin_object().key("listId").string((*list)->list_id).key("name").string((*list)->name);
        out.key("role").string(role_name(membership.role)).key("version").integer((*list)->version);
        out.key("openItems").integer((*list)->open_items).end_object();
    }
    out.end_array().end_object();
    call->answer(platform::json_answer(kOk, std::move(body)));
}

void Lists::get(const CallPtr& call) {
    const auto user_id = require_caller(*call);
    if (!user_id) return;
    const auto access = require_list(*call, reader_, *user_id);
    if (!access) return;
    const auto items = list_items(reader_, access->list.list_id);
    if (!items) return call->answer(runtime::store_failure(*call, items.error()));
    const auto members = list_members(reader_, access->list.list_id);
    if (!members) return call->answer(runtime::store_failure(*call, members.error()));
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("list");
        write_list(out, access->list);
        out.key("items").begin_array();
        for (const Item& item : *items) write_item(out, item);
        out.end_array().key("members").begin_array();
        for (const Member& member : *members) {
            out.begin_object().key("userId").string(member.user_id);
            out.key("role").string(role_name(member.role)).end_object();
        }
        out.end_array().end_object();
    }));
}

void Lists::patch(const CallPtr& call) {
    auto user_id = require_caller(*call);
    if (!user_id) return;
    platform::BodyReader body(*call);
    std::string name = body.string("name", kName);
    const auto expected_version = body.fields().optional_integer("expectedVersion", {.min = 1});
    if (!body.ok()) return call->answer(body.refusal());
    context_.transact(call, {"UPDATE", "user_list_table"},
                      [list_id = std::string(call->parameter("list_id")), user_id = std::move(*user_id),
                       name = std::move(name), expected_version](Transaction& transaction) {
                          return rename(transaction, list_id, user_id, name, expected_version);
                      });
}

void Lists::erase(const CallPtr& call) {
    auto user_id = require_caller(*call);
    if (!user_id) return;
    context_.transact(call, {"DELETE", "user_list_table"},
                      [list_id = std::string(call->parameter("list_id")), user_id = std::move(*user_id)](
                          Transaction& transaction) { return remove(transaction, list_id, user_id); });
}

}  // namespace

void add_list_routes(platform::Router& router, runtime::ServiceContext& context, runtime::RouteTools& tools) {
    const auto lists = std::make_shared<Lists>(context, tools.reader);
    router.add("POST", "/lists", [lists](const CallPtr& call) { lists->post(call); });
    router.add("GET", "/lists", [lists](const CallPtr& call) { lists->list(call); });
    router.add("GET", "/lists/{list_id}", [lists](const CallPtr& call) { lists->get(call); });
    router.add("PATCH", "/lists/{list_id}", [lists](const CallPtr& call) { lists->patch(call); });
    router.add("DELETE", "/lists/{list_id}", [lists](const CallPtr& call) { lists->erase(call); });
}

}  // namespace loadgen::services::grocery::lists
