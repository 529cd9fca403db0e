#include <algorithm>

#include "services/grocery/lists/events/changes.hpp"
#include "services/grocery/lists/http/access.hpp"
#include "services/grocery/lists/http/routes.hpp"
#include "services/grocery/shared/events/payloads.hpp"
#include "services/grocery/shared/http/callers.hpp"
#include "services/platform/auth/user_id.hpp"
#include "services/platform/json_body.hpp"

namespace loadgen::services::grocery::lists {
namespace {

using platform::CallPtr;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kNoContent = 204;
constexpr platform::TextRule kUserId{.min = 1, .max = 254};

http::Response member_answer(int status, const std::string& list_id, const Member& member) {
    return platform::json_answer(status, [&](text::JsonWriter& out) {
        out.begin_object().key("listId").string(list_id).key("userId").string(member.user_id);
        out.key("role").string(role_name(member.role)).end_object();
    });
}

/// Whether `user_id` is the one owner that is left.
bool is_last_owner(const std::vector<Member>& members, std::string_view user_id) {
    const auto is_other_owner = [user_id](const Member& member) {
        return member.role == Role::kOwner && member.user_id != user_id;
    };
    return std::none_of(members.begin(), members.end(), is_other_owner);
}

const Member* find_member(const std::vector<Member>& members, std::string_view user_id) {
    for (const Member& member : members) {
        if (member.user_id == user_id) return &member;
    }
    return nullptr;
}

/// What speaks against one more member, or none.
Result<std::optional<runtime::Refusal>> no_room(Transaction& transaction, const std::vector<Member>& members,
                                                const Member& member) {
    if (static_cast<std::int64_t>(members.size()) >= kMaxMembers)
        return std::optional(conflict("a list has at most " + std::to_string(kMaxMembers) + " members"));
    auto theirs = memberships(transaction.tables(), member.user_id);
    if (!theirs) return std::move(theirs).error();
    if (static_cast<std::int64_t>(theirs->size()) >= kMaxLists)
        return std::optional(conflict("a user has at most " + std::to_string(kMaxLists) + " lists"));
    return std::optional<runtime::Refusal>();
}

Result<http::Response> share(Transaction& transaction, const std::string& list_id,
                             const std::string& actor_id, const Member& member) {
    auto access = require_list(transaction, list_id, actor_id, Role::kOwner);
    if (!access) return std::move(access).error();
    const auto members = list_members(transaction.tables(), list_id);
    if (!members) return members.error();
    const Member* known = find_member(*members, member.user_id);
    if (known != nullptr && known->role == member.role) return member_answer(kOk, list_id, member);
    if (known != nullptr && known->role == Role::kOwner && is_last_owner(*members, member.user_id))
        return transaction.refuse(conflict("a list has at least one owner"));
    if (known == nullptr) {
        auto refusal = no_room(transaction, *members, member);
        if (!refusal) return std::move(refusal).error();
        if (*refusal) return transaction.refuse(std::move(**refusal));
    }
    auto done = put_member(transaction.tables(), list_id, member);
    if (done) {
        done = record_change(
            transaction, access->list,
            {.kind = ChangeKind::kMemberAdded, .actor_id = actor_id, .member_id = member.user_id});
    }
    if (done) {
        done = transaction.publish({.type = ListShared::kType,
                                    .data = write(ListShared{.list_id = list_id,
                                                             .user_id = member.user_id,
                                                             .role = std::string(role_name(member.role)),
                                                             .actor_user_id = actor_id})});
    }
    if (!done) return std::move(done).error();
    return member_answer(known == nullptr ? kCreated : kOk, list_id, member);
}

Result<http::Response> remove(Transaction& transaction, const std::string& list_id,
                              const std::string& actor_id, const std::string& user_id) {
    const Role needed = actor_id == user_id ? Role::kMember : Role::kOwner;
    auto access = require_list(transaction, list_id, actor_id, needed);
    if (!access) return std::move(access).error();
    const auto members = list_members(transaction.tables(), list_id);
    if (!members) return members.error();
    if (find_member(*members, user_id) == nullptr) return transaction.refuse(not_found("member"));
    if (is_last_owner(*members, user_id))
        return transaction.refuse(conflict("a list has at least one owner"));
    auto erased = erase_member(transaction.tables(), list_id, user_id);
    if (!erased) return std::move(erased).error();
    auto done =
        record_change(transaction, access->list,
                      {.kind = ChangeKind::kMemberRemoved, .actor_id = actor_id, .member_id = user_id});
    if (!done) return std::move(done).error();
    return platform::empty_answer(kNoContent);
}

void post(runtime::ServiceContext& context, const CallPtr& call) {
    auto actor_id = require_caller(*call);
    if (!actor_id) return;
    platform::BodyReader body(*call);
    auto user_id = body.fields().optional_string("userId", kUserId);
    const auto email = body.fields().optional_string("email", kUserId);
    if (body.readable() && user_id.has_value() == email.has_value())
        body.fields().refuse("userId", "or email is required, not both");
    if (email && !email->empty() && email->find('@') == std::string::npos)
        body.fields().refuse("email", "must be an email address");
    const auto role = role_from_name(body.fields().optional_string("role").value_or("member"));
    if (!role) body.fields().refuse("role", R"(must be "member" or "owner")");
    if (!body.ok()) return call->answer(body.refusal());
    Member member{platform::auth::user_id_of(user_id ? *user_id : *email), *role};
    context.transact(call, {"INSERT", "user_list_table"},
                     [list_id = std::string(call->parameter("list_id")), actor_id = std::move(*actor_id),
                      member = std::move(member)](Transaction& transaction) {
                         return share(transaction, list_id, actor_id, member);
                     });
}

void erase(runtime::ServiceContext& context, const CallPtr& call) {
    auto actor_id = require_caller(*call);
    if (!actor_id) return;
    context.transact(call, {"DELETE", "user_list_table"},
                     [list_id = std::string(call->parameter("list_id")), actor_id = std::move(*actor_id),
                      user_id = std::string(call->parameter("user_id"))](Transaction& transaction) {
                         return remove(transaction, list_id, actor_id, user_id);
                     });
}

}  // namespace

void add_member_routes(platform::Router& router, runtime::ServiceContext& context) {
    router.add("POST", "/lists/{list_id}/members", [&context](const CallPtr& call) { post(context, call); });
    router.add("DELETE", "/lists/{list_id}/members/{user_id}",
               [&context](const CallPtr& call) { erase(context, call); });
}

}  // namespace loadgen::services::grocery::lists
