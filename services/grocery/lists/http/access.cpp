#include "services/grocery/lists/http/access.hpp"

namespace loadgen::services::grocery::lists {
namespace {

constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;

runtime::Refusal forbidden(std::string_view message) {
    return {.status = kForbidden, .message = std::string(message), .code = {}, .data = {}};
}

}  // namespace

runtime::Refusal not_found(std::string_view what) {
    return {.status = kNotFound, .message = std::string(what).append(" not found"), .code = {}, .data = {}};
}

runtime::Refusal conflict(std::string_view message) {
    return {.status = kConflict, .message = std::string(message), .code = {}, .data = {}};
}

std::variant<Access, Denied> open_list(store::Statements& tables, std::string_view list_id,
                                       std::string_view user_id, Role needed) {
    auto list = find_list(tables, list_id);
    if (!list) return Denied{std::nullopt, std::move(list).error()};
    if (!*list) return Denied{not_found("list"), {}};
    const auto role = find_role(tables, list_id, user_id);
    if (!role) return Denied{std::nullopt, role.error()};
    if (!*role) return Denied{forbidden("only members of this list"), {}};
    if (needed == Role::kOwner && **role != Role::kOwner)
        return Denied{forbidden("only owners of this list"), {}};
    return Access{std::move(**list), **role};
}

Result<Access> require_list(runtime::Transaction& transaction, std::string_view list_id,
                            std::string_view user_id, Role needed) {
    auto opened = open_list(transaction.tables(), list_id, user_id, needed);
    if (auto* access = std::get_if<Access>(&opened)) return std::move(*access);
    Denied& denied = *std::get_if<Denied>(&opened);
    if (denied.refusal) return transaction.refuse(std::move(*denied.refusal));
    return std::move(denied.error);
}

std::optional<Access> require_list(platform::Call& call, store::Statements& reader,
                                   std::string_view user_id) {
    auto opened = open_list(reader, call.parameter("list_id"), user_id);
    if (auto* access = std::get_if<Access>(&opened)) return std::move(*access);
    const Denied& denied = *std::get_if<Denied>(&opened);
    call.answer(denied.refusal ? runtime::refused(call, *denied.refusal)
                               : runtime::store_failure(call, denied.error));
    return std::nullopt;
}

}  // namespace loadgen::services::grocery::lists
