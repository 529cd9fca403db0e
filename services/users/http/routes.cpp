#include "services/users/http/routes.hpp"

#include "services/platform/auth/guard.hpp"
#include "services/platform/auth/user_id.hpp"
#include "services/platform/json_body.hpp"
#include "services/users/events/payloads.hpp"
#include "services/users/store/users.hpp"

namespace loadgen::services::users {
namespace {

using platform::CallPtr;
using platform::auth::Identity;
using platform::auth::UserType;
using runtime::ServiceContext;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kUnauthorized = 401;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr int kBusy = 503;
constexpr int kRetryAfterSeconds = 1;
constexpr platform::TextRule kName = {.min = 1, .max = 100};

http::Response user_answer(const User& user) {
    return platform::data_answer(platform::kUsersEnvelope, kOk, [&](text::JsonWriter& out) {
        out.begin_object()
            .key("userId")
            .string(shown_id(user.email))
            .key("firstName")
            .string(user.first_name);
        out.key("lastName").string(user.last_name).key("emailAddress").string(user.email);
        out.key("orderCount").integer(user.order_count).end_object();
    });
}

http::Response taken_answer() {
    return platform::json_answer(kConflict, std::string(R"({"data":null,"message":"already registered"})"));
}

http::Response not_yours(platform::Call& call) {
    http::Response response = platform::error_response(call, kUnauthorized, "not your account");
    response.headers.push_back({"www-authenticate", "Bearer realm=\"loadgen\""});  // RFC 9110 section 15.5.2
    return response;
}

http::Response busy(platform::Call& call) {
    return platform::error_response(call, {.status = kBusy,
                                           .message = "too many logins, try again",
                                           .retry_after_seconds = kRetryAfterSeconds});
}

Result<http::Response> insert(Transaction& transaction, const User& user) {
    transaction.span().set("user.id", user.id);
    auto added = insert_user(transaction.tables(), user, transaction.now_ms());
    if (!added) return std::move(added).error();
    if (!*added) return taken_answer();
    auto told = transaction.publish({.type = "users.userCreated.v1", .data = user_created(user.id)});
    if (!told) return std::move(told).error();
    return user_answer(user);
}

/// The handlers of one worker.
class Accounts {
  public:
    Accounts(ServiceContext& context, store::Statements& reader) : context_(context), reader_(reader) {}

    void register_user(const CallPtr& call);
    void login(const CallPtr& call);
    void details(const CallPtr& call);

  private:
    void verified(const CallPtr& call, const std::optional<User>& user, const Result<bool>& matches);
    http::Response token_answer(const User& user);

    ServiceContext& context_;
    store::Statements& reader_;
};

std::string read_password(platform::BodyReader& body) {
    std::string password = body.string("password");
    if (body.ok() && (password.size() < kMinPasswordBytes || password.size() > kMaxPasswordBytes))
        body.fields().refuse("password", "must have 7 to 128 bytes");
    return password;
}

std::string read_email(platform::BodyReader& body) {
    std::string email = body.string("email_address");
    if (body.ok() && !is_email(email)) body.fields().refuse("email_address", "must be an e-mail address");
    return email;
}

bool is_admin(const platform::Call& call) {
    return call.identity.state == Identity::State::kKnown &&
           call.identity.claims.user_type == UserType::kAdmin;
}

void Accounts::register_user(const CallPtr& call) {
    platform::BodyReader body(*call);
    User user;
    user.email = read_email(body);
    user.first_name = body.string("first_name", kName);
    user.last_name = body.string("last_name", kName);
    std::string password = read_password(body);
    const bool wants_admin = body.fields().optional_boolean("admin_user").value_or(false);
    if (!body.ok()) return call->answer(body.refusal());
    user.id = platform::auth::user_id_of(user.email);
    // Only administrators make administrators; from anyone else the wish is ignored.
    if (wants_admin && is_admin(*call)) user.type = UserType::kAdmin;
    call->span.set("user.id", user.id);
    const bool taken = context_.passwords().hash(
        std::move(password), call->loop(), [this, call, user](Result<std::string> phc) mutable {
            if (!phc) return call->answer(runtime::store_failure(*call, phc.error()));
            user.password_hash = std::move(*phc);
            context_.transact(call, {"INSERT", "users"},
                              [user](Transaction& transaction) { return insert(transaction, user); });
        });
    if (!taken) call->answer(busy(*call));
}

void Accounts::login(const CallPtr& call) {
    platform::BodyReader body(*call);
    const std::string email = body.string("email_address");
    std::string password = body.string("password");
    if (!body.ok()) return call->answer(body.refusal());
    auto user = find_user(reader_, platform::auth::user_id_of(email));
    if (!user) return call->answer(runtime::store_failure(*call, user.error()));
    // An unknown user costs a hash too, so that time does not tell who is registered.
    auto phc = *user ? std::optional<std::string>((*user)->password_hash) : std::nullopt;
    const bool taken =
        context_.passwords().verify(std::move(password), std::move(phc), call->loop(),
                                    [this, call, user = std::move(*user)](const Result<bool>& matches) {
                                        verified(call, user, matches);
                                    });
    if (!taken) call->answer(busy(*call));
}

void Accounts::verified(const CallPtr& call, const std::optional<User>& user, const Result<bool>& matches) {
    if (!matches) return call->answer(runtime::store_failure(*call, matches.error()));
    if (!user) {
        call->span.set("login.status", "user_not_found");
        return call->answer(platform::error_response(*call, kNotFound, "no such user"));
    }
    if (!*matches) {
        call->span.set("login.status", "invalid_password");
        return call->answer(platform::error_response(*call, kBadRequest, "wrong password"));
    }
    call->span.set("user.id", user->id);
    call->answer(token_answer(*user));
}

http::Response Accounts::token_answer(const User& user) {
    const auto claims = platform::auth::new_claims(user.id, user.type, context_.clock().wall_now());
    return platform::data_answer(platform::kUsersEnvelope, kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("token").string(context_.tokens().sign(claims)).end_object();
    });
}

void Accounts::details(const CallPtr& call) {
    const auto caller = platform::auth::require_user(*call);
    if (!caller) return;
    const std::string id = platform::auth::user_id_of(call->parameter("userId"));
    call->span.set("user.id", id);
    if (caller->sub != id) return call->answer(not_yours(*call));
    const auto user = find_user(reader_, id);
    if (!user) return call->answer(runtime::store_failure(*call, user.error()));
    call->answer(*user ? user_answer(**user) : platform::error_response(*call, kNotFound, "no such user"));
}

}  // namespace

void add_routes(platform::Router& router, ServiceContext& context, runtime::RouteTools& tools) {
    const auto accounts = std::make_shared<Accounts>(context, tools.reader);
    router.add("POST", "/user", [accounts](const CallPtr& call) { accounts->register_user(call); });
    router.add("POST", "/login", [accounts](const CallPtr& call) { accounts->login(call); });
    router.add("GET", "/user/{userId}", [accounts](const CallPtr& call) { accounts->details(call); });
}

}  // namespace loadgen::services::users
