#include "services/grocery/lists/store/lists.hpp"

#include <array>
#include <charconv>
#include <cstdio>

#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"
#include "services/grocery/lists/domain/list_json.hpp"
#include "services/grocery/shared/store/mono_table.hpp"

namespace loadgen::services::grocery::lists {
namespace {

using store::Statements;

constexpr std::array<std::string_view, 1> kMigrations = {kMonoTableSchema};

constexpr std::string_view kMeta = "META";
constexpr std::string_view kItem = "ITEM#";
constexpr std::string_view kChange = "CHANGE#";
constexpr std::string_view kList = "LIST#";
constexpr std::string_view kUser = "USER#";
constexpr std::string_view kMember = "MEMBER#";
constexpr std::int64_t kKeepChangesMs = 7LL * 24 * 3600 * 1000;

std::string joined(std::string_view prefix, std::string_view rest) {
    return std::string(prefix).append(rest);
}

/// Twelve digits keep versions in order as texts.
std::string change_key(std::int64_t version) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%012lld", static_cast<long long>(version));
    return joined(kChange, digits);
}

std::int64_t version_of(const std::string& sort) {
    std::int64_t version = 0;
    std::from_chars(sort.data() + kChange.size(), sort.data() + sort.size(), version);
    return version;
}

Result<List> list_from(const MonoRow& row) {
    auto list = read_list(row.attributes);
    if (!list) return list;
    list->list_id = row.partition.substr(kList.size());
    list->version = row.version;
    return list;
}

Result<Item> item_from(const MonoRow& row) {
    auto item = read_item(row.attributes);
    if (!item) return item;
    item->item_id = row.sort.substr(kItem.size());
    item->version = row.version;
    return item;
}

std::string role_attributes(Role role) {
    std::string attributes;
    text::JsonWriter(attributes).begin_object().key("role").string(role_name(role)).end_object();
    return attributes;
}

Result<Role> role_from(const MonoRow& row) {
    contracts::Payload attributes(row.attributes);
    const auto role = role_from_name(attributes.text("role"));
    if (!role) return Error{ErrorCode::kIo, "store: a membership without a role"};
    return *role;
}

Result<Change> change_from(const MonoRow& row) {
    contracts::Payload attributes(row.attributes);
    Change change{version_of(row.sort), attributes.text("change"), row.attributes};
    if (!attributes.ok()) return attributes.error();
    return change;
}

/// Each row as `read` makes it; the first error ends it.
template <typename Value>
Result<std::vector<Value>> read_all(const Result<MonoRows>& rows, Result<Value> (*read)(const MonoRow&)) {
    if (!rows) return rows.error();
    std::vector<Value> values;
    for (const MonoRow& row : *rows) {
        auto value = read(row);
        if (!value) return std::move(value).error();
        values.push_back(std::move(*value));
    }
    return values;
}

template <typename Value>
Result<std::optional<Value>> read_one(const Result<std::optional<MonoRow>>& row,
                                      Result<Value> (*read)(const MonoRow&)) {
    if (!row) return row.error();
    if (!*row) return std::optional<Value>();
    auto value = read(**row);
    if (!value) return std::move(value).error();
    return std::optional<Value>(std::move(*value));
}

Result<Member> member_from(const MonoRow& row) {
    auto role = role_from(row);
    if (!role) return std::move(role).error();
    return Member{row.index_sort.substr(kMember.size()), *role};
}

Result<Membership> membership_from(const MonoRow& row) {
    auto role = role_from(row);
    if (!role) return std::move(role).error();
    return Membership{row.sort.substr(kList.size()), *role};
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

Result<std::optional<List>> find_list(Statements& tables, std::string_view list_id) {
    return read_one(find_row(tables, joined(kList, list_id), kMeta), list_from);
}

Result<void> put_list(Statements& tables, const List& list) {
    return put_row(tables, {.partition = joined(kList, list.list_id),
                            .sort = std::string(kMeta),
                            .attributes = list_attributes(list),
                            .version = list.version});
}

Result<void> erase_list(Statements& tables, std::string_view list_id) {
    const std::string key = joined(kList, list_id);
    auto done = erase_indexed(tables, key);
    return done ? erase_partition(tables, key) : done;
}

Result<std::vector<Item>> list_items(Statements& tables, std::string_view list_id) {
    return read_all(find_rows(tables, {.partition = joined(kList, list_id), .prefix = std::string(kItem)}),
                    item_from);
}

Result<std::optional<Item>> find_item(Statements& tables, std::string_view list_id,
                                      std::string_view item_id) {
    return read_one(find_row(tables, joined(kList, list_id), joined(kItem, item_id)), item_from);
}

Result<void> put_item(Statements& tables, std::string_view list_id, const Item& item) {
    MonoRow row{.partition = joined(kList, list_id),
                .sort = joined(kItem, item.item_id),
                .attributes = item_attributes(item),
                .version = item.version};
    if (!item.promotion_id.empty()) {
        row.index_partition = joined("PROMO#", item.promotion_id);
        row.index_sort = row.partition;
    }
    return put_row(tables, row);
}

Result<bool> erase_item(Statements& tables, std::string_view list_id, std::string_view item_id) {
    return erase_row(tables, joined(kList, list_id), joined(kItem, item_id));
}

Result<std::optional<Role>> find_role(Statements& tables, std::string_view list_id,
                                      std::string_view user_id) {
    return read_one(find_row(tables, joined(kUser, user_id), joined(kList, list_id)), role_from);
}

Result<std::vector<Member>> list_members(Statements& tables, std::string_view list_id) {
    return read_all(find_indexed(tables, joined(kList, list_id)), member_from);
}

Result<std::vector<Membership>> memberships(Statements& tables, std::string_view user_id) {
    return read_all(find_rows(tables, {.partition = joined(kUser, user_id), .prefix = std::string(kList)}),
                    membership_from);
}

Result<void> put_member(Statements& tables, std::string_view list_id, const Member& member) {
    const std::string list = joined(kList, list_id);
    return put_row(tables, {.partition = joined(kUser, member.user_id),
                            .sort = list,
                            .index_partition = list,
                            .index_sort = joined(kMember, member.user_id),
                            .attributes = role_attributes(member.role)});
}

Result<bool> erase_member(Statements& tables, std::string_view list_id, std::string_view user_id) {
    return erase_row(tables, joined(kUser, user_id), joined(kList, list_id));
}

Result<void> put_change(Statements& tables, std::string_view list_id, const Change& change,
                        std::int64_t now_ms) {
    return put_row(tables, {.partition = joined(kList, list_id),
                            .sort = change_key(change.version),
                            .attributes = change.body,
                            .expires_ms = now_ms + kKeepChangesMs});
}

Result<std::vector<Change>> list_changes(Statements& tables, std::string_view list_id, std::int64_t since,
                                         std::int64_t limit) {
    return read_all(find_rows(tables, {.partition = joined(kList, list_id),
                                       .prefix = std::string(kChange),
                                       .after = change_key(since),
                                       .limit = limit}),
                    change_from);
}

}  // namespace loadgen::services::grocery::lists
