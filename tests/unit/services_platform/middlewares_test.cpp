#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/platform/answers.hpp"
#include "services/platform/auth/guard.hpp"
#include "services/platform/middlewares/authentication.hpp"
#include "services/platform/middlewares/correlation_id.hpp"
#include "services/platform/middlewares/cors.hpp"
#include "services/platform/middlewares/version_headers.hpp"
#include "tests/unit/services_platform/fake_call.hpp"

namespace loadgen::services::platform {
namespace {

using test::AnswerKeeper;
using test::field;
using ::testing::MatchesRegex;

/// A chain around one route that says "ok".
struct Service {
    explicit Service(std::unique_ptr<Middleware> middleware)
        : dispatcher(routes(), chain(std::move(middleware)), error_shapes::message), keeper(&dispatcher) {}

    static Router routes() {
        Router router;
        router.add("GET", "/x", [](const CallPtr& call) { call->answer({200, {}, "ok"}); });
        return router;
    }
    static Middlewares chain(std::unique_ptr<Middleware> middleware) {
        Middlewares made;
        made.push_back(std::move(middleware));
        return made;
    }
    http::Response ask(std::string method, std::string path, http::Headers headers = {}) {
        dispatcher.dispatch(keeper.call(std::move(method), std::move(path), std::move(headers)));
        return keeper.answers.back();
    }

    Dispatcher dispatcher;
    AnswerKeeper keeper;
};

TEST(CorsTest, EveryAnswerMayBeRead) {
    Service service(std::make_unique<Cors>());
    EXPECT_EQ(field(service.ask("GET", "/x"), "access-control-allow-origin"), "*");
    const http::Response missing = service.ask("GET", "/y");
    EXPECT_EQ(missing.status, 404);
    EXPECT_EQ(field(missing, "access-control-allow-origin"), "*");
}

TEST(CorsTest, PreflightsAreAnswered) {
    Service service(std::make_unique<Cors>(CorsOptions{.methods = "GET,PUT", .headers = "Content-Type"}));
    const http::Response answer =
        service.ask("OPTIONS", "/x", {{"Origin", "http://a"}, {"Access-Control-Request-Method", "PUT"}});
    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(field(answer, "access-control-allow-origin"), "*");
    EXPECT_EQ(field(answer, "access-control-allow-methods"), "GET,PUT");
    EXPECT_EQ(field(answer, "access-control-allow-headers"), "Content-Type");
    EXPECT_EQ(field(answer, "access-control-max-age"), "600");
    EXPECT_EQ(service.ask("OPTIONS", "/x").status, 405);  // no preflight
}

TEST(CorrelationIdTest, KeepsWhatIsSane) {
    Service service(std::make_unique<CorrelationId>(1));
    const auto echoed = [&](std::string sent) {
        return field(service.ask("GET", "/x", {{"X-Correlation-ID", std::move(sent)}}), "x-correlation-id");
    };
    EXPECT_EQ(echoed("order-1/{}~!"), "order-1/{}~!");
    EXPECT_EQ(echoed(std::string(128, 'x')), std::string(128, 'x'));
    const char* kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    EXPECT_THAT(echoed(std::string(129, 'x')), MatchesRegex(kUuid));
    EXPECT_THAT(echoed(""), MatchesRegex(kUuid));
    EXPECT_THAT(echoed("two words"), MatchesRegex(kUuid));
    EXPECT_THAT(echoed("\xc3\xa4"), MatchesRegex(kUuid));
    EXPECT_THAT(field(service.ask("GET", "/y"), "x-correlation-id"), MatchesRegex(kUuid));
    EXPECT_NE(echoed(""), echoed(""));
}

TEST(VersionHeaders, AreOnEveryAnswer) {
    Service deployed(std::make_unique<ServiceVersion>("2.1.0-rc1"));
    EXPECT_EQ(field(deployed.ask("GET", "/y"), "x-service-version"), "2.1.0-rc1");
    Service api(std::make_unique<ApiVersion>());
    EXPECT_EQ(field(api.ask("GET", "/x"), "x-api-version"), "1.0");
    EXPECT_EQ(field(api.ask("GET", "/x", {{"x-api-version", "2.0"}}), "x-api-version"), "2.0");
    EXPECT_EQ(field(api.ask("GET", "/x", {{"x-api-version", "<script>"}}), "x-api-version"), "1.0");
    EXPECT_EQ(field(api.ask("GET", "/x", {{"x-api-version", "1.23456789012345.7"}}), "x-api-version"), "1.0");
}

struct AuthenticationTest : ::testing::Test {
    auth::TokenKeys keys = std::move(*auth::TokenKeys::make("0123456789abcdef0123456789abcdef"));
    AnswerKeeper keeper;

    CallPtr call(http::Headers headers) {
        auto made = keeper.call("GET", "/x", std::move(headers));
        made->set_error_shape(error_shapes::message);
        Authentication(keys, system_clock()).on_request(*made);
        return made;
    }
    http::Headers bearer(auth::UserType type, std::int64_t seconds = 60) {
        const auto claims = auth::new_claims("7", type, system_clock().wall_now(), seconds);
        return {{"Authorization", "Bearer " + keys.sign(claims)}};
    }
};

TEST_F(AuthenticationTest, AUserGetsIn) {
    const auto caller = call(bearer(auth::UserType::kPremium));
    const auto claims = auth::require_user(*caller);
    ASSERT_TRUE(claims.has_value());
    EXPECT_EQ(claims->sub, "7");
    EXPECT_FALSE(caller->answered());
    EXPECT_TRUE(auth::require_user(*caller, {auth::UserType::kAdmin, auth::UserType::kPremium}).has_value());
}

TEST_F(AuthenticationTest, TheWrongTypeIs403) {
    EXPECT_FALSE(auth::require_user(*call(bearer(auth::UserType::kPremium)), {auth::UserType::kAdmin}));
    EXPECT_EQ(keeper.answers.at(0).status, 403);
    EXPECT_EQ(keeper.answers.at(0).body, R"({"message":"this is not allowed for this user"})");
}

TEST_F(AuthenticationTest, NoTokenIs401WithAChallenge) {
    EXPECT_FALSE(auth::require_user(*call({})));
    EXPECT_EQ(keeper.answers.at(0).status, 401);
    EXPECT_EQ(field(keeper.answers.at(0), "www-authenticate"), "Bearer realm=\"loadgen\"");
    EXPECT_EQ(keeper.answers.at(0).body, R"({"message":"a bearer token is required"})");
}

TEST_F(AuthenticationTest, ABadTokenIs401AndOnlyTheLogSaysWhy) {
    const auto expired = call(bearer(auth::UserType::kAdmin, -60));
    EXPECT_FALSE(auth::require_user(*expired));
    EXPECT_EQ(keeper.answers.at(0).status, 401);
    EXPECT_EQ(field(keeper.answers.at(0), "www-authenticate"),
              "Bearer realm=\"loadgen\", error=\"invalid_token\"");
    EXPECT_EQ(keeper.answers.at(0).body, R"({"message":"the bearer token is not valid"})");
    EXPECT_EQ(expired->error, "token refused: it has expired");
    const auto basic = call({{"Authorization", "Basic eDp5"}});
    EXPECT_FALSE(auth::require_user(*basic));
    EXPECT_EQ(basic->error, "the Authorization scheme is not Bearer");
}

TEST_F(AuthenticationTest, AChainWithoutAuthenticationLetsNobodyIn) {
    const auto caller = keeper.call("GET", "/x", bearer(auth::UserType::kAdmin));
    EXPECT_FALSE(auth::require_user(*caller));
    EXPECT_EQ(keeper.answers.at(0).status, 401);
    EXPECT_EQ(caller->error, "the chain has no Authentication");
}

}  // namespace
}  // namespace loadgen::services::platform
