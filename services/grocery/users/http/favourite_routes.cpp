#include "services/grocery/shared/domain/calendar.hpp"
#include "services/grocery/shared/domain/favourite_term.hpp"
#include "services/grocery/shared/events/payloads.hpp"
#include "services/grocery/shared/http/callers.hpp"
#include "services/grocery/users/http/routes.hpp"
#include "services/grocery/users/store/users.hpp"
#include "services/platform/field_reader.hpp"

namespace loadgen::services::grocery::users {
namespace {

using platform::CallPtr;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kNoContent = 204;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr std::int64_t kMaxFavourites = 200;
constexpr platform::TextRule kTerm{.min = 1, .max = 100};

void write_favourite(text::JsonWriter& out, const Favourite& favourite) {
    out.begin_object().key("term").string(favourite.term);
    out.key("createdAt").string(format_ms(favourite.created_ms)).end_object();
}

/// The path's term as it is kept, or none when the call has been answered.
std::optional<std::string> require_term(platform::Call& call) {
    const std::string_view given = call.parameter("term");
    if (const auto wrong = platform::check_text(given, kTerm)) {
        call.answer(platform::error_response(call, kBadRequest, "term " + *wrong));
        return std::nullopt;
    }
    std::string term = fold_term(given);
    if (!term.empty()) return term;
    call.answer(platform::error_response(call, kBadRequest, "term must have a letter or a digit"));
    return std::nullopt;
}

Result<http::Response> add(Transaction& transaction, const std::string& user_id, const std::string& term) {
    const auto count = count_favourites(transaction.tables(), user_id);
    if (!count) return count.error();
    const Favourite favourite{term, transaction.now_ms()};
    auto added = add_favourite(transaction.tables(), user_id, favourite);
    if (!added) return std::move(added).error();
    if (*added && *count >= kMaxFavourites)
        return transaction.refuse(
            {.status = kConflict, .message = "a user has at most 200 favourites", .code = {}, .data = {}});
    if (*added) {
        auto told = transaction.publish(
            {.type = ItemEvent::kType,
             .data = write(ItemEvent{
                 .action = std::string(ItemEvent::kFavourited), .user_id = user_id, .term = term})});
        if (!told) return std::move(told).error();
    }
    auto all = list_favourites(transaction.tables(), user_id);
    if (!all) return std::move(all).error();
    return platform::json_answer(*added ? kCreated : kOk, [&](text::JsonWriter& out) {
        for (const Favourite& known : *all) {
            if (known.term == term) write_favourite(out, known);
        }
    });
}

Result<http::Response> remove(Transaction& transaction, const std::string& user_id, const std::string& term) {
    auto removed = remove_favourite(transaction.tables(), user_id, term);
    if (!removed) return std::move(removed).error();
    if (!*removed)
        return transaction.refuse(
            {.status = kNotFound, .message = "favourite not found", .code = {}, .data = {}});
    return platform::empty_answer(kNoContent);
}

void list(store::Statements& reader, const CallPtr& call) {
    const auto user_id = require_own(*call);
    if (!user_id) return;
    const auto favourites = list_favourites(reader, *user_id);
    if (!favourites) return call->answer(runtime::store_failure(*call, favourites.error()));
    call->answer(platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("items").begin_array();
        for (const Favourite& favourite : *favourites) write_favourite(out, favourite);
        out.end_array().end_object();
    }));
}

using Change = Result<http::Response> (*)(Transaction&, const std::string&, const std::string&);

void change(runtime::ServiceContext& context, const CallPtr& call, runtime::StoreOperation operation,
            Change apply) {
    auto user_id = require_own(*call);
    if (!user_id) return;
    auto term = require_term(*call);
    if (!term) return;
    call->span.set("user.id", *user_id);
    context.transact(call, operation,
                     [user_id = std::move(*user_id), term = std::move(*term),
                      apply](Transaction& transaction) { return apply(transaction, user_id, term); });
}

}  // namespace

void add_favourite_routes(platform::Router& router, runtime::ServiceContext& context,
                          runtime::RouteTools& tools) {
    router.add("GET", "/users/{user_id}/favourites",
               [&reader = tools.reader](const CallPtr& call) { list(reader, call); });
    router.add("PUT", "/users/{user_id}/favourites/{term}", [&context](const CallPtr& call) {
        change(context, call, {"INSERT", "user_list_table"}, add);
    });
    router.add("DELETE", "/users/{user_id}/favourites/{term}", [&context](const CallPtr& call) {
        change(context, call, {"DELETE", "user_list_table"}, remove);
    });
}

}  // namespace loadgen::services::grocery::users
