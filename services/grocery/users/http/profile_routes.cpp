#include "services/grocery/shared/domain/app_version.hpp"
#include "services/grocery/shared/domain/calendar.hpp"
#include "services/grocery/shared/http/callers.hpp"
#include "services/grocery/users/http/routes.hpp"
#include "services/grocery/users/store/users.hpp"
#include "services/platform/json_body.hpp"

namespace loadgen::services::grocery::users {
namespace {

using platform::CallPtr;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr platform::TextRule kDisplayName{.min = 1, .max = 100};

http::Response profile_answer(std::string_view user_id, const Profile& profile) {
    return platform::json_answer(kOk, [&](text::JsonWriter& out) {
        out.begin_object().key("userId").string(user_id).key("displayName").string(profile.display_name);
        out.key("language").string(profile.language).key("minVersion").string(kMinimumAppVersion);
        out.key("createdAt").string(format_ms(profile.created_ms));
        out.key("notify").begin_object().key("favouriteOffers").boolean(profile.favourite_offers);
        out.key("listChanges").boolean(profile.list_changes).end_object().end_object();
    });
}

/// What a PUT changes; what it does not name stays.
struct ProfileChange {
    std::optional<std::string> display_name;
    std::optional<std::string> language;
    std::optional<bool> favourite_offers;
    std::optional<bool> list_changes;

    void apply_to(Profile& profile) const {
        profile.display_name = display_name.value_or(profile.display_name);
        profile.language = language.value_or(profile.language);
        profile.favourite_offers = favourite_offers.value_or(profile.favourite_offers);
        profile.list_changes = list_changes.value_or(profile.list_changes);
    }
};

/// The handlers of one worker.
class Profiles {
  public:
    Profiles(runtime::ServiceContext& context, store::Statements& reader, PushReach reach)
        : context_(context), reader_(reader), reach_(reach) {}

    void get(const CallPtr& call);
    void put(const CallPtr& call);
    void put_installation(const CallPtr& call);

  private:
    void change(const CallPtr& call, std::string user_id, ProfileChange change);

    runtime::ServiceContext& context_;
    store::Statements& reader_;
    const PushReach reach_;
};

void Profiles::get(const CallPtr& call) {
    auto user_id = require_own(*call);
    if (!user_id) return;
    const auto profile = find_profile(reader_, *user_id);
    if (!profile) return call->answer(runtime::store_failure(*call, profile.error()));
    if (*profile) return call->answer(profile_answer(*user_id, **profile));
    change(call, std::move(*user_id), {});
}

void Profiles::put(const CallPtr& call) {
    auto user_id = require_own(*call);
    if (!user_id) return;
    platform::BodyReader body(*call);
    ProfileChange wanted;
    wanted.display_name = body.fields().optional_string("displayName", kDisplayName);
    wanted.language = body.fields().optional_string("language", {.max = 5});
    if (wanted.language && !wanted.language->empty() && !is_language(*wanted.language))
        body.fields().refuse("language", "must be like \"nl\" or \"en-GB\"");
    if (auto notify = body.fields().optional_object("notify")) {
        wanted.favourite_offers = notify->optional_boolean("favouriteOffers");
        wanted.list_changes = notify->optional_boolean("listChanges");
    }
    if (!body.ok()) return call->answer(body.refusal());
    change(call, std::move(*user_id), std::move(wanted));
}

void Profiles::change(const CallPtr& call, std::string user_id, ProfileChange change) {
    call->span.set("user.id", user_id);
    context_.transact(call, {"UPDATE", "user_list_table"},
                      [user_id = std::move(user_id),
                       change = std::move(change)](Transaction& transaction) -> Result<http::Response> {
                          auto profile =
                              find_or_make_profile(transaction.tables(), user_id, transaction.now_ms());
                          if (!profile) return std::move(profile).error();
                          change.apply_to(*profile);
                          auto done = put_profile(transaction.tables(), user_id, *profile);
                          if (!done) return std::move(done).error();
                          return profile_answer(user_id, *profile);
                      });
}

void Profiles::put_installation(const CallPtr& call) {
    auto user_id = require_own(*call);
    if (!user_id) return;
    platform::BodyReader body(*call);
    Status status;
    status.app_version = body.string("appVersion", {.max = 50});
    status.platform = body.string("platform", {.max = 30});
    if (status.platform.find('#') != std::string::npos) body.fields().refuse("platform", "must not hold '#'");
    status.push_endpoint = body.fields().optional_string("pushEndpoint").value_or(std::string());
    if (!status.push_endpoint.empty()) {
        if (auto wrong = check_push_endpoint(status.push_endpoint, reach_))
            body.fields().refuse("pushEndpoint", std::move(*wrong));
    }
    if (!body.ok()) return call->answer(body.refusal());
    call->span.set("user.id", *user_id);
    context_.transact(
        call, {"INSERT", "user_list_table"},
        [user_id = std::move(*user_id), status](Transaction& transaction) mutable -> Result<http::Response> {
            auto profile = find_or_make_profile(transaction.tables(), user_id, transaction.now_ms());
            if (!profile) return std::move(profile).error();
            status.seen_ms = transaction.now_ms();
            auto done = put_status(transaction.tables(), user_id, status);
            if (!done) return std::move(done).error();
            return platform::json_answer(kOk, [&](text::JsonWriter& out) {
                out.begin_object()
                    .key("supported")
                    .boolean(supports_app(status.app_version, kMinimumAppVersion));
                out.key("minVersion").string(kMinimumAppVersion).end_object();
            });
        });
}

}  // namespace

void add_profile_routes(platform::Router& router, runtime::ServiceContext& context,
                        runtime::RouteTools& tools, PushReach reach) {
    const auto profiles = std::make_shared<Profiles>(context, tools.reader, reach);
    router.add("GET", "/users/{user_id}", [profiles](const CallPtr& call) { profiles->get(call); });
    router.add("PUT", "/users/{user_id}", [profiles](const CallPtr& call) { profiles->put(call); });
    router.add("PUT", "/users/{user_id}/status",
               [profiles](const CallPtr& call) { profiles->put_installation(call); });
}

}  // namespace loadgen::services::grocery::users
