#include "services/users/service.hpp"

#include "services/platform/auth/user_id.hpp"
#include "services/users/events/handlers.hpp"
#include "services/users/events/payloads.hpp"
#include "services/users/http/routes.hpp"
#include "services/users/store/users.hpp"

namespace loadgen::services::users {
namespace {

using platform::auth::UserType;

constexpr std::string_view kAdminEmail = "admin@serverless-sample.com";
constexpr std::string_view kAdminPassword = "Admin!23";

class UserService final : public runtime::Service {
  public:
    explicit UserService(runtime::ServiceContext& context) : context_(context) {}

    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        users::add_routes(router, context_, tools);
    }
    void add_consumers(runtime::Consumers& consumers) override { users::add_consumers(consumers); }
    Result<void> seed(runtime::Transaction& transaction) override;

  private:
    runtime::ServiceContext& context_;
};

/// The first administrator, once.
Result<void> UserService::seed(runtime::Transaction& transaction) {
    if (!context_.settings().seed_demo) return {};
    User admin;
    admin.id = platform::auth::user_id_of(kAdminEmail);
    auto known = find_user(transaction.tables(), admin.id);
    if (!known) return std::move(known).error();
    if (*known) return {};
    admin.email = kAdminEmail;
    admin.first_name = "Admin";
    admin.last_name = "Serverless";
    admin.type = UserType::kAdmin;
    const auto cost = platform::auth::password_cost(context_.settings().fast_passwords ? "load" : "default");
    auto phc = platform::auth::hash_password(*cost, std::string(kAdminPassword));
    if (!phc) return std::move(phc).error();
    admin.password_hash = std::move(*phc);
    auto added = insert_user(transaction.tables(), admin, transaction.now_ms());
    if (!added) return std::move(added).error();
    return transaction.publish({.type = "users.userCreated.v1", .data = user_created(admin.id)});
}

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<UserService>(context);
}

}  // namespace

const runtime::ServiceType kUsers = {.name = "users",
                                     .title = "Users",
                                     .domain = "users",
                                     .summary = "registration, login, user types",
                                     .migrations = migrations(),
                                     .error_shape = platform::error_shapes::users,
                                     .make = make};

}  // namespace loadgen::services::users
