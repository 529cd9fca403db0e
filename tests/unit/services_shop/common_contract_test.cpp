// What every service of the shop answers alike: paths and methods it does not have, other origins, headers.
#include "services/activity/service.hpp"
#include "services/inventory/service.hpp"
#include "services/pricing/service.hpp"
#include "services/products/service.hpp"
#include "services/users/service.hpp"
#include "tests/unit/services_shop/shop_test.hpp"

namespace loadgen::services::shop_test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

struct Route {
    const char* path;
    const char* wrong_method;
    const char* allow;
};

struct Row {
    const runtime::ServiceType* type;
    Shape shape;
    std::vector<Route> routes;
};

void PrintTo(const Row& row, std::ostream* out) {
    *out << row.type->name;
}

const std::vector<Row>& rows() {
    static const std::vector<Row> kRows = {
        {&users::kUsers,
         kUsersShape,
         {{"/user", "GET", "POST"}, {"/login", "PUT", "POST"}, {"/user/a@b", "DELETE", "GET, HEAD"}}},
        {&products::kProducts,
         kProductsShape,
         {{"/product", "DELETE", "GET, HEAD, POST, PUT"}, {"/product/LATTE", "POST", "GET, HEAD, DELETE"}}},
        {&inventory::kInventory,
         kInventoryShape,
         {{"/inventory", "GET", "POST"},
          {"/inventory/LATTE", "PUT", "GET, HEAD"},
          {"/health", "POST", "GET, HEAD"}}},
        {&pricing::kPricing, kPricingShape, {{"/pricing", "GET", "POST"}}},
        {&activity::kActivity, kActivityShape, {{"/api/activity/user/1", "POST", "GET, HEAD"}}},
    };
    return kRows;
}

class EveryService : public ShopTest, public ::testing::WithParamInterface<Row> {
  protected:
    EveryService()
        : ShopTest(*GetParam().type, GetParam().shape,
                   [](runtime::Settings& settings) { settings.version = "9.8.7"; }) {}
};

TEST_P(EveryService, DoesNotKnowOtherPaths) {
    for (const char* path : {"/", "/nothing", "/user/a/b", "/products", "/health/nothing", "/Health"}) {
        for (const char* method : {"GET", "POST", "DELETE"}) {
            expect_failure(404, send(method, path, std::string(method) == "POST" ? "{}" : ""), path);
        }
    }
    for (const Route& route : GetParam().routes) {
        expect_failure(404, get(std::string(route.path) + '/'), route.path);
    }
}

TEST_P(EveryService, NamesTheMethodsOfAPath) {
    for (const Route& route : GetParam().routes) {
        for (const std::string& method : {std::string(route.wrong_method), std::string("PATCH")}) {
            const Answer refused = send(method, route.path);
            expect_failure(405, refused, method + ' ' + route.path);
            EXPECT_EQ(field(refused, "allow"), route.allow) << route.path;
        }
        EXPECT_EQ(field(send("OPTIONS", route.path), "allow"), route.allow) << "no preflight";
    }
}

TEST_P(EveryService, LetsPagesOfOtherOriginsAsk) {
    for (const Route& route : GetParam().routes) {
        const Answer allowed = send("OPTIONS", route.path, {}, {},
                                    {{"origin", "https://example.com"},
                                     {"access-control-request-method", "POST"},
                                     {"access-control-request-headers", "content-type,authorization"}});
        EXPECT_EQ(allowed.status, 204);
        EXPECT_EQ(allowed.body, "");
        EXPECT_EQ(field(allowed, "access-control-allow-origin"), "*");
        for (const char* method : {"POST", "GET", "PUT", "DELETE"}) {
            EXPECT_THAT(field(allowed, "access-control-allow-methods"), HasSubstr(method));
        }
        EXPECT_THAT(field(allowed, "access-control-allow-headers"), HasSubstr("Content-Type"));
        EXPECT_THAT(field(allowed, "access-control-allow-headers"), HasSubstr("Authorization"));
    }
    EXPECT_EQ(field(get("/health/live"), "access-control-allow-origin"), "*");
}

TEST_P(EveryService, TellsItsVersionAndKeepsTheCorrelationId) {
    for (const char* path : {"/health/live", "/nothing"}) {
        const Answer answer = send("GET", path, {}, {}, {{"X-Correlation-ID", "order-7!"}});
        EXPECT_EQ(field(answer, "x-service-version"), "9.8.7") << path;
        EXPECT_EQ(field(answer, "x-correlation-id"), "order-7!") << path;
        constexpr const char* kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
        EXPECT_THAT(field(get(path), "x-correlation-id"), MatchesRegex(kUuid)) << path;
        const Answer replaced = send("GET", path, {}, {}, {{"X-Correlation-ID", std::string(129, 'x')}});
        EXPECT_THAT(field(replaced, "x-correlation-id"), MatchesRegex(kUuid)) << path;
    }
}

TEST_P(EveryService, IsAliveAndReady) {
    EXPECT_EQ(get("/health/live").status, 200);
    EXPECT_EQ(get("/health/ready").status, 200);
}

INSTANTIATE_TEST_SUITE_P(Shop, EveryService, ::testing::ValuesIn(rows()),
                         [](const auto& row) { return std::string(row.param.type->name); });

}  // namespace
}  // namespace loadgen::services::shop_test
