// Every route of the stats service, fed by what people do in the others.
#include <gmock/gmock.h>

#include "tests/unit/services_grocery/contract.hpp"

namespace loadgen::services::grocery::test {
namespace {

class Stats : public RouteTest {
  protected:
    Stats() : RouteTest("grocery-stats") {}
    Answer ask(const std::string& service, const std::string& method, const std::string& path,
               const std::string& token = {}, const std::string& body = {}) {
        return client_.send(method, services().url(service) + path, token, body);
    }
};

TEST_F(Stats, HealthIsAsKnown) {
    const Answer answer = get("/stats/health");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"message":"Connection successful."})");
}

TEST_F(Stats, CountWhatPeopleDo) {
    const std::string promotion = *member(
        ask("grocery-elastic", "GET", "/promotions?retailer=dagmarkt&size=1").body, "items.0.promotionId");
    for (int at = 0; at < 3; ++at)
        ASSERT_EQ(ask("grocery-elastic", "GET", "/promotions/" + promotion).status, 200);
    ASSERT_EQ(ask("grocery-elastic", "GET", "/search?q=Kaas").status, 200);
    ASSERT_EQ(ask("grocery-elastic", "GET", "/search?q=nergensgoedvoor").status, 200);
    const std::string token = token_of("7");
    ASSERT_EQ(ask("grocery-lists", "POST", "/lists", token, R"({"listId":"s","name":"S"})").status, 201);
    ASSERT_EQ(ask("grocery-lists", "POST", "/lists/s/items", token,
                  R"({"itemId":"i","name":"x","promotionId":")" + promotion + R"("})")
                  .status,
              201);
    ASSERT_EQ(ask("grocery-lists", "PATCH", "/lists/s/items/i", token, R"({"checked":true})").status, 200);

    EXPECT_TRUE(eventually([&] {
        const std::string body = get("/stats/users/7", token).body;
        return member(body, "lists") == "1" && member(body, "itemsAdded") == "1" &&
               member(body, "itemsChecked") == "1" && member(body, "estimatedSavingsCents") != "0";
    })) << get("/stats/users/7", token).body;
    const Answer offer = ask("grocery-elastic", "GET", "/promotions/" + promotion);
    EXPECT_EQ(std::stoi(*member(get("/stats/users/7", token).body, "estimatedSavingsCents")),
              std::stoi(*member(offer.body, "originalPriceCents")) -
                  std::stoi(*member(offer.body, "offerPriceCents")));
    EXPECT_TRUE(eventually([&] {
        const std::string body = get("/stats/promotions/top?by=views", admin()).body;
        return member(body, "items.0.promotionId") == promotion && member(body, "items.0.count") == "4" &&
               member(body, "items.0.name") == member(offer.body, "productName");
    })) << get("/stats/promotions/top?by=views", admin()).body;
    EXPECT_EQ(
        member(get("/stats/promotions/top?by=adds&retailer=dagmarkt", admin()).body, "items.0.retailerId"),
        "dagmarkt");
    EXPECT_EQ(count_of(get("/stats/promotions/top?by=adds&retailer=dag", admin()).body, "items"), 0);
    EXPECT_EQ(get("/stats/retailers", admin()).body,
              R"({"items":[{"retailerId":"dagmarkt","views":4,"adds":1,"checks":1}]})");
    EXPECT_TRUE(eventually([&] {
        return get("/stats/search-terms?limit=5", admin()).body ==
               R"({"items":[{"term":"kaas","count":1,"zeroHits":0},{"term":"nergensgoedvoor","count":1,"zeroHits":1}]})";
    })) << get("/stats/search-terms?limit=5", admin()).body;
    ASSERT_EQ(ask("grocery-lists", "DELETE", "/lists/s", token).status, 204);
    EXPECT_TRUE(eventually([&] { return member(get("/stats/users/7", token).body, "lists") == "0"; }));
}

TEST_F(Stats, Refuse) {
    for (const char* path : {"/stats/promotions/top", "/stats/retailers", "/stats/search-terms"}) {
        expect_needs_token("GET", path);
        expect_failure(403, get(path, token_of("7")), path);
        for (const char* query : {"?days=0", "?days=366", "?days=x"})
            expect_failure(400, get(std::string(path) + query, admin()), path);
    }
    expect_failure(400, get("/stats/promotions/top?by=price", admin()), "by");
    expect_failure(400, get("/stats/promotions/top?limit=101", admin()), "limit");
    expect_needs_token("GET", "/stats/users/7");
    expect_failure(403, get("/stats/users/7", token_of("8")), "somebody else");
}

}  // namespace
}  // namespace loadgen::services::grocery::test
