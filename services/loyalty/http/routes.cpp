#include "services/loyalty/http/routes.hpp"

#include "services/loyalty/store/accounts.hpp"
#include "services/platform/auth/guard.hpp"
#include "services/platform/json_body.hpp"

namespace loadgen::services::loyalty {
namespace {

using platform::CallPtr;
using runtime::ServiceContext;
using runtime::Transaction;

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;

void write_account(text::JsonWriter& out, const Account& account) {
    out.begin_object().key("userId").string(account.user_id);
    out.key("currentPoints").integer(account.points).end_object();
}

http::Response account_answer(int status, const Account& account) {
    return platform::data_answer(platform::kLoyaltyEnvelope, status,
                                 [&](text::JsonWriter& out) { write_account(out, account); });
}

runtime::Refusal no_account(int status) {
    return {.status = status, .message = "Not found"};
}

runtime::Refusal not_enough(const Account& account) {
    std::string data;
    text::JsonWriter out(data);
    write_account(out, account);
    return {.status = kBadRequest, .message = "Not enough points", .code = {}, .data = std::move(data)};
}

Result<http::Response> spend(Transaction& transaction, const std::string& user_id, std::int64_t wanted) {
    transaction.span().set("user.id", user_id);
    auto found = find_account(transaction.tables(), user_id);
    if (!found) return std::move(found).error();
    if (!*found) {
        transaction.span().set("loyalty.notFound", true);
        return transaction.refuse(no_account(kBadRequest));
    }
    Account account = std::move(**found);
    const auto left = balance_after_spending(account.points, wanted);
    if (!left) return transaction.refuse(not_enough(account));
    account.points = *left;
    auto done = set_points(transaction.tables(), user_id, account.points, transaction.now_ms());
    if (!done) return std::move(done).error();
    return account_answer(kCreated, account);
}

/// The handlers of one worker.
class Points {
  public:
    Points(ServiceContext& context, store::Statements& reader, PointsFeed& feed)
        : context_(context), reader_(reader), feed_(feed) {}

    void get(const CallPtr& call);
    void post(const CallPtr& call);

  private:
    ServiceContext& context_;
    store::Statements& reader_;
    PointsFeed& feed_;
};

void Points::get(const CallPtr& call) {
    const auto caller = platform::auth::require_user(*call);
    if (!caller) return;
    call->span.set("user.id", caller->sub);
    const auto account = find_account(reader_, caller->sub);
    if (!account) return call->answer(runtime::store_failure(*call, account.error()));
    if (*account) return call->answer(account_answer(kOk, **account));
    call->span.set("loyalty.notFound", true);
    call->answer(runtime::refused(*call, no_account(kNotFound)));
}

void Points::post(const CallPtr& call) {
    const auto caller = platform::auth::require_user(*call);
    if (!caller) return;
    call->span.set("user.id", caller->sub);
    if (call->request().body.empty()) {
        call->error = "no body";
        return call->answer(platform::empty_answer(kBadRequest));
    }
    platform::BodyReader body(*call);
    const std::int64_t wanted = body.integer("points", {.min = 1});
    if (!body.ok()) return call->answer(body.refusal());
    context_.transact(call, {"UPDATE", "accounts"},
                      [user_id = caller->sub, wanted, &feed = feed_](Transaction& transaction) {
                          auto answer = spend(transaction, user_id, wanted);
                          if (answer) feed.wake();
                          return answer;
                      });
}

}  // namespace

void add_routes(platform::Router& router, ServiceContext& context, runtime::RouteTools& tools,
                PointsFeed& feed) {
    const auto points = std::make_shared<Points>(context, tools.reader, feed);
    router.add("GET", "/loyalty", [points](const CallPtr& call) { points->get(call); });
    router.add("POST", "/loyalty", [points](const CallPtr& call) { points->post(call); });
}

}  // namespace loadgen::services::loyalty
