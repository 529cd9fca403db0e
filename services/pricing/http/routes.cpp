#include "services/pricing/http/routes.hpp"

#include "services/platform/auth/guard.hpp"
#include "services/platform/json_body.hpp"
#include "services/pricing/domain/pricing.hpp"

namespace loadgen::services::pricing {
namespace {

using platform::CallPtr;
using platform::auth::UserType;
using runtime::ServiceContext;

constexpr int kOk = 200;
constexpr int kFailed = 500;
constexpr int kTimedOut = 504;

http::Response brackets_answer(double price) {
    return platform::json_answer(kOk, [price](text::JsonWriter& out) {
        out.begin_array();
        for (const Bracket& bracket : brackets_for(price)) {
            out.begin_object().key("quantityToOrder").integer(bracket.quantity);
            out.key("price").number(bracket.price).end_object();
        }
        out.end_array();
    });
}

void answer_late(const CallPtr& call, const ServiceContext& context, double price, Nanos delay) {
    const bool too_late = delay > kHandlerLimit;
    context.logger().log(telemetry::LogLevel::kWarn, "simulated delay",
                         {{"delay_ms", delay.count() / 1'000'000}});
    call->loop().after(context.settings().scaled(too_late ? kHandlerLimit : delay), [call, price, too_late] {
        call->answer(too_late ? platform::error_response(*call, kTimedOut, "timed out")
                              : brackets_answer(price));
    });
}

void price_it(const CallPtr& call, const ServiceContext& context) {
    if (context.settings().require_premium &&
        !platform::auth::require_user(*call, {UserType::kPremium, UserType::kAdmin})) {
        return;
    }
    platform::BodyReader body(*call);
    static_cast<void>(body.fields().optional_string("name"));
    const double price = body.number("price", {.min = 0});
    if (!body.ok()) return call->answer(body.refusal());
    call->span.set("product.price", price);
    const Mishap mishap = context.settings().pricing_chaos ? mishap_for(price) : Mishap{};
    if (mishap.fails) {
        call->error = "simulated failure: prices from 90 to 95 fail";
        return call->answer(platform::error_response(*call, kFailed, "Internal server error"));
    }
    if (mishap.delay.count() > 0) return answer_late(call, context, price, mishap.delay);
    call->answer(brackets_answer(price));
}

}  // namespace

void add_routes(platform::Router& router, ServiceContext& context) {
    router.add("POST", "/pricing", [&context](const CallPtr& call) { price_it(call, context); });
}

}  // namespace loadgen::services::pricing
