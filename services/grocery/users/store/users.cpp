#include "services/grocery/users/store/users.hpp"

#include <algorithm>
#include <array>

#include "common/text/json_writer.hpp"
#include "services/contracts/payload.hpp"
#include "services/grocery/shared/store/mono_table.hpp"

namespace loadgen::services::grocery::users {
namespace {

using store::Statements;

constexpr std::string_view kProfile = "PROFILE";
constexpr std::string_view kStatus = "STATUS#";
constexpr std::string_view kFavourite = "FAV#";
constexpr std::string_view kUser = "USER#";
constexpr std::string_view kPush = "PUSH#";

// Notifications that still have to reach a push endpoint. Work in progress is no part of what belongs to a
// user, so it is no row of the mono-table.
constexpr std::array<std::string_view, 2> kMigrations = {
    kMonoTableSchema,
    "CREATE TABLE push_deliveries ("
    "  delivery_id INTEGER PRIMARY KEY,"
    "  endpoint TEXT NOT NULL,"
    "  notification_id TEXT NOT NULL,"
    "  body TEXT NOT NULL,"
    "  traceparent TEXT NOT NULL,"
    "  attempt INTEGER NOT NULL,"
    "  due_ms INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX push_deliveries_due ON push_deliveries (due_ms);"};

std::string joined(std::string_view prefix, std::string_view rest) {
    return std::string(prefix).append(rest);
}

Result<Favourite> read_favourite(const MonoRow& row) {
    contracts::Payload attributes(row.attributes);
    Favourite favourite{row.sort.substr(kFavourite.size()), attributes.integer("createdMs")};
    if (!attributes.ok()) return attributes.error();
    return favourite;
}

}  // namespace

std::span<const std::string_view> migrations() {
    return kMigrations;
}

Result<std::optional<Profile>> find_profile(Statements& tables, std::string_view user_id) {
    auto row = find_row(tables, joined(kUser, user_id), kProfile);
    if (!row) return std::move(row).error();
    if (!*row) return std::optional<Profile>();
    auto profile = read_profile((*row)->attributes);
    if (!profile) return std::move(profile).error();
    return std::optional<Profile>(std::move(*profile));
}

Result<void> put_profile(Statements& tables, std::string_view user_id, const Profile& profile) {
    return put_row(tables, {.partition = joined(kUser, user_id),
                            .sort = std::string(kProfile),
                            .attributes = write_profile(profile)});
}

Result<Profile> find_or_make_profile(Statements& tables, std::string_view user_id, std::int64_t now_ms) {
    auto known = find_profile(tables, user_id);
    if (!known) return std::move(known).error();
    if (*known) return std::move(**known);
    Profile profile;
    profile.created_ms = now_ms;
    auto done = put_profile(tables, user_id, profile);
    if (!done) return std::move(done).error();
    return profile;
}

Result<void> put_status(Statements& tables, std::string_view user_id, const Status& status) {
    MonoRow row{.partition = joined(kUser, user_id),
                .sort = joined(kStatus, status.platform),
                .attributes = write_status(status)};
    if (!status.push_endpoint.empty()) {
        row.index_partition = joined(kPush, status.push_endpoint);
        row.index_sort = row.partition;
    }
    return put_row(tables, row);
}

Result<std::vector<std::string>> push_endpoints(Statements& tables, std::string_view user_id) {
    auto rows = find_rows(tables, {.partition = joined(kUser, user_id), .prefix = std::string(kStatus)});
    if (!rows) return std::move(rows).error();
    std::vector<std::string> endpoints;
    for (const MonoRow& row : *rows) {
        if (row.index_partition.empty()) continue;
        std::string endpoint = row.index_partition.substr(kPush.size());
        if (std::find(endpoints.begin(), endpoints.end(), endpoint) == endpoints.end())
            endpoints.push_back(std::move(endpoint));
    }
    return endpoints;
}

Result<std::vector<Favourite>> list_favourites(Statements& tables, std::string_view user_id) {
    auto rows = find_rows(tables, {.partition = joined(kUser, user_id), .prefix = std::string(kFavourite)});
    if (!rows) return std::move(rows).error();
    std::vector<Favourite> favourites;
    for (const MonoRow& row : *rows) {
        auto favourite = read_favourite(row);
        if (!favourite) return std::move(favourite).error();
        favourites.push_back(std::move(*favourite));
    }
    return favourites;
}

Result<std::int64_t> count_favourites(Statements& tables, std::string_view user_id) {
    return count_rows(tables, joined(kUser, user_id), kFavourite);
}

Result<bool> add_favourite(Statements& tables, std::string_view user_id, const Favourite& favourite) {
    std::string attributes;
    text::JsonWriter(attributes).begin_object().key("createdMs").integer(favourite.created_ms).end_object();
    const std::string key = joined(kFavourite, favourite.term);
    const std::string user = joined(kUser, user_id);
    return put_new_row(tables, {.partition = user,
                                .sort = key,
                                .index_partition = key,
                                .index_sort = user,
                                .attributes = std::move(attributes)});
}

Result<bool> remove_favourite(Statements& tables, std::string_view user_id, std::string_view term) {
    return erase_row(tables, joined(kUser, user_id), joined(kFavourite, term));
}

Result<std::vector<std::string>> favourite_terms(Statements& tables, std::string_view after,
                                                 std::int64_t limit) {
    auto keys = find_index_partitions(tables, kFavourite,
                                      after.empty() ? std::string() : joined(kFavourite, after), limit);
    if (!keys) return keys;
    for (std::string& key : *keys) key.erase(0, kFavourite.size());
    return keys;
}

Result<std::vector<std::string>> users_with_favourite(Statements& tables, std::string_view term,
                                                      std::string_view after, std::int64_t limit) {
    auto rows = find_indexed(tables, joined(kFavourite, term),
                             after.empty() ? std::string() : joined(kUser, after), limit);
    if (!rows) return std::move(rows).error();
    std::vector<std::string> users;
    for (const MonoRow& row : *rows) users.push_back(row.index_sort.substr(kUser.size()));
    return users;
}

}  // namespace loadgen::services::grocery::users
