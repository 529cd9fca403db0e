#include "services/ninja/users/http/routes.hpp"

#include "common/base/uuid.hpp"
#include "services/ninja/shared/http/requests.hpp"
#include "services/ninja/shared/store/idempotency.hpp"
#include "services/ninja/users/domain/email.hpp"
#include "services/ninja/users/store/users.hpp"
#include "services/platform/json_body.hpp"

namespace loadgen::services::ninja::users {
namespace {

using platform::CallPtr;
using runtime::ServiceContext;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr std::string_view kIdName = "user_id";
constexpr std::string_view kUsersPath = "/api/users";

http::Response user_answer(const User& user) {
    return platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("user_name").string(user.name).key("email").string(user.email);
        out.key(kIdName).string(user.id).end_object();
    });
}

/// What makes two creates the same one: everything but the id. An address has no space.
std::string canonical_text(const User& user) {
    return user.email + ' ' + user.name;
}

Result<http::Response> insert(Transaction& transaction, const User& user) {
    transaction.span().set("user.id", user.id);
    auto done = insert_user(transaction.tables(), user);
    if (!done) return std::move(done).error();
    return user_answer(user);
}

Result<http::Response> erase(Transaction& transaction, const std::string& id) {
    auto done = erase_user(transaction.tables(), id);
    if (!done) return std::move(done).error();
    return platform::json_answer(
        kOk, [&](text::JsonWriter& out) { out.begin_object().key(kIdName).string(id).end_object(); });
}

std::string read_email(platform::BodyReader& body) {
    std::string email = body.string("email", {.min = 1, .max = kMaxEmail});
    if (body.ok() && !is_email(email)) body.fields().refuse("email", "must be an e-mail address");
    return email;
}

/// The handlers of one worker.
class Desk {
  public:
    Desk(ServiceContext& context, store::Statements& reader, ConfigurationSource& source)
        : context_(context),
          reader_(reader),
          source_(source),
          creates_(context.meter().counter("my_product_kpi.ValidCreateUserEvents", "{request}")),
          gets_(context.meter().counter("my_product_kpi.ValidGetUserEvents", "{request}")),
          deletes_(context.meter().counter("my_product_kpi.ValidDeleteUserEvents", "{request}")) {}

    void create(const CallPtr& call);
    using ReadId = std::optional<std::string> (*)(platform::Call& call, std::string_view name);
    void get(const CallPtr& call, ReadId read_id);
    void remove(const CallPtr& call, ReadId read_id);

  private:
    ServiceContext& context_;
    store::Statements& reader_;
    ConfigurationSource& source_;
    telemetry::Counter& creates_;
    telemetry::Counter& gets_;
    telemetry::Counter& deletes_;
};

void Desk::create(const CallPtr& call) {
    const auto configuration = require_configuration(*call, source_);
    if (!configuration) return;
    platform::BodyReader body(*call);
    User user;
    user.name = body.string("user_name", {.min = 1, .max = kMaxUserName});
    user.email = read_email(body);
    if (!body.ok()) return call->answer(body.refusal());
    const auto key = idempotency_key(*call);
    if (!key) return;
    std::optional<IdempotentRequest> idempotent;
    if (!key->empty()) idempotent = {.key = *key, .request = canonical_text(user)};
    creates_.add();
    log_flags(context_, *call, *configuration, user.name);
    user.id = new_uuid();
    context_.transact(call, {"INSERT", "users"}, [user, idempotent](Transaction& transaction) {
        return once(transaction, idempotent, [&] { return insert(transaction, user); });
    });
}

void Desk::get(const CallPtr& call, ReadId read_id) {
    if (!require_configuration(*call, source_)) return;
    const auto id = read_id(*call, kIdName);
    if (!id) return;
    gets_.add();
    call->span.set("user.id", *id);
    const auto user = find_user(reader_, *id);
    if (!user) return call->answer(runtime::store_failure(*call, user.error()));
    call->answer(*user ? user_answer(**user)
                       : runtime::refused(*call, {.status = kNotFound, .message = "no such user"}));
}

void Desk::remove(const CallPtr& call, ReadId read_id) {
    if (!require_configuration(*call, source_)) return;
    const auto id = read_id(*call, kIdName);
    if (!id) return;
    deletes_.add();
    call->span.set("user.id", *id);
    context_.transact(call, {"DELETE", "users"},
                      [id = *id](Transaction& transaction) { return erase(transaction, id); });
}

}  // namespace

void add_routes(platform::Router& router, ServiceContext& context, runtime::RouteTools& tools,
                ConfigurationSource& source) {
    const auto desk = std::make_shared<Desk>(context, tools.reader, source);
    const std::string with_id = std::string(kUsersPath) + "/{user_id}";
    router.add("POST", kUsersPath, [desk](const CallPtr& call) { desk->create(call); });
    router.add("GET", kUsersPath, [desk](const CallPtr& call) { desk->get(call, id_from_header); });
    router.add("DELETE", kUsersPath, [desk](const CallPtr& call) { desk->remove(call, id_from_body); });
    router.add("GET", with_id, [desk](const CallPtr& call) { desk->get(call, id_from_path); });
    router.add("DELETE", with_id, [desk](const CallPtr& call) { desk->remove(call, id_from_path); });
}

}  // namespace loadgen::services::ninja::users
