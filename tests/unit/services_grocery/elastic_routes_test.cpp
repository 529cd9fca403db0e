// Every route of the search service, its successes and its failures.
#include <gmock/gmock.h>

#include "services/grocery/shared/domain/calendar.hpp"
#include "tests/unit/services_grocery/contract.hpp"

namespace loadgen::services::grocery::test {
namespace {

std::string day(int from_today) {
    return format_day(day_of(system_clock().wall_now()) + std::chrono::days(from_today));
}

std::string offer(const std::string& source, const std::string& name, int cents, int from = -1,
                  int until = 5) {
    return R"({"sourceId":")" + source + R"(","productName":")" + name +
           R"(","brand":"Testmerk","category":"testing",)" +
           R"("originalPriceCents":1000,"offerPriceCents":)" + std::to_string(cents) + R"(,"validFrom":")" +
           day(from) + R"(","validUntil":")" + day(until) + R"("})";
}

std::string batch(const std::string& id, const std::string& offers,
                  const std::string& retailer = "dagmarkt") {
    return R"({"batchId":")" + id + R"(","retailerId":")" + retailer + R"(","promotions":[)" + offers + "]}";
}

class Elastic : public RouteTest {
  protected:
    Elastic() : RouteTest("grocery-elastic") {}
    void import(const std::string& id, const std::string& offers) {
        const Answer answer = send("POST", "/admin/promotions", admin(), batch(id, offers));
        ASSERT_EQ(answer.status, 202) << answer.body;
    }
};

TEST_F(Elastic, RetailersAreFifteen) {
    const Answer answer = get("/retailers");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(count_of(answer.body, "retailers"), 15);
    EXPECT_EQ(member(answer.body, "retailers.0.retailerId"), "amberhof");
    EXPECT_EQ(member(answer.body, "retailers.0.activePromotions"), "24");
    const http::Header* allowed = http::find_header(answer.headers, "access-control-allow-origin");
    ASSERT_NE(allowed, nullptr);
    EXPECT_EQ(allowed->value, "*");
}

TEST_F(Elastic, PromotionsArePagedFilteredAndSorted) {
    Answer answer = get("/promotions");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(member(answer.body, "total"), "360");
    EXPECT_EQ(count_of(answer.body, "items"), 20);
    answer = get("/promotions?retailer=dagmarkt&size=100&sort=price");
    EXPECT_EQ(member(answer.body, "total"), "24");
    int before = 0;
    for (int at = 0; at < 24; ++at) {
        const int price = std::stoi(*member(answer.body, "items." + std::to_string(at) + ".offerPriceCents"));
        EXPECT_LE(before, price);
        before = price;
    }
    answer = get("/promotions?retailer=dagmarkt&sort=endDate&from=23");
    EXPECT_EQ(count_of(answer.body, "items"), 1);
    EXPECT_EQ(member(answer.body, "from"), "23");
    EXPECT_EQ(member(get("/promotions?onDate=2001-01-01").body, "total"), "0");
    EXPECT_NE(member(get("/promotions?category=dairy&sort=discount").body, "total"), "0");
}

TEST_F(Elastic, PromotionsRefuseWrongParameters) {
    for (const char* query : {"sort=best", "from=-1", "from=x", "size=0", "size=101", "onDate=today",
                              "onDate=2025-02-30", "size=1&size=2"})
        expect_failure(400, get(std::string("/promotions?") + query), query);
}

TEST_F(Elastic, OnePromotion) {
    import("one", offer("one", "Testkaas", 500));
    const Answer answer = get("/promotions/dagmarkt-one");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(member(answer.body, "productName"), "Testkaas");
    EXPECT_EQ(member(answer.body, "retailerId"), "dagmarkt");
    EXPECT_EQ(member(answer.body, "validUntil"), day(5));
    expect_failure(404, get("/promotions/dagmarkt-none"), "unknown");
}

TEST_F(Elastic, SearchFindsStemsAccentsAndBeginnings) {
    import("search", offer("s1", "Bijzondere zwamkazen", 500) + "," + offer("s2", "Gâteau zwâmtaart", 400) +
                         "," + offer("s3", "Verlopen zwamsoep", 400, -9, -2) + "," +
                         offer("s4", "Late zwamsoep", 400, 2, 9));
    EXPECT_EQ(member(get("/search?q=zwamkaas").body, "items.0.promotionId"), "dagmarkt-s1")
        << "the plural's stem";
    EXPECT_EQ(member(get("/search?q=GATEAU").body, "items.0.promotionId"), "dagmarkt-s2");
    const Answer answer = get("/search?q=zwam");
    EXPECT_EQ(member(answer.body, "total"), "2") << "a beginning, valid today: " << answer.body;
    EXPECT_EQ(member(answer.body, "facets.retailers.0.key"), "dagmarkt");
    EXPECT_EQ(member(answer.body, "facets.retailers.0.count"), "2");
    EXPECT_EQ(member(answer.body, "facets.categories.0.key"), "testing");
    EXPECT_GT(std::stod(*member(answer.body, "items.0.score")), 0);
    EXPECT_EQ(member(get("/search?q=zwam%20kaas").body, "total"), "0")
        << "all words, only the last a beginning";
    EXPECT_EQ(member(get("/search?q=zwam&batch=search").body, "total"), "3")
        << "an import's own, later ones too";
    EXPECT_EQ(member(get("/search?q=zwam&retailer=amberhof").body, "total"), "0");
    EXPECT_EQ(member(get("/search?q=zwam&retailer=amberhof").body, "facets.retailers.0.count"), "2");
    EXPECT_EQ(member(get("/search?q=%22zwamkaas%22%20OR%20zwamtaart").body, "total"), "0") << "no operators";
    EXPECT_EQ(count_of(get("/search?q=zwam&from=1").body, "items"), 1);
}

TEST_F(Elastic, SearchPutsNamesBeforeDescriptions) {
    const std::string other =
        R"({"sourceId":"w2","productName":"Iets anders","category":"testing","description":)"
        R"("met kwibus erin","originalPriceCents":10,"offerPriceCents":5,"validFrom":")" +
        day(0) + R"(","validUntil":")" + day(1) + R"("})";
    import("weights", other + "," + offer("w1", "Kwibus", 500));
    EXPECT_EQ(member(get("/search?q=kwibus").body, "items.0.promotionId"), "dagmarkt-w1");
    EXPECT_EQ(member(get("/search?q=kwibus").body, "items.1.promotionId"), "dagmarkt-w2");
}

TEST_F(Elastic, SearchRefusesWrongParameters) {
    const std::string long_query = "q=" + std::string(101, 'x');
    for (const std::string& query :
         std::vector<std::string>{"", "q=", long_query, "q=a&size=0", "q=a&from=-1", "q=a&q=b"})
        expect_failure(400, get("/search?" + query), query);
}

TEST_F(Elastic, SuggestCompletesNames) {
    const Answer answer = get("/suggest?q=hagel");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(member(answer.body, "suggestions.0"), "Hagelslag puur");
    EXPECT_LE(count_of(get("/suggest?q=b").body, "suggestions"), 10);
    EXPECT_EQ(count_of(get("/suggest?q=%3F").body, "suggestions"), 0);
    expect_failure(400, get("/suggest"), "no q");
    expect_failure(400, get("/suggest?q=" + std::string(51, 'x')), "long q");
}

TEST_F(Elastic, FavouritesAnswerForEachTerm) {
    import("favourites", offer("f1", "Kwarktaartjes", 500));
    const Answer answer = get("/favourites?f=kwarktaart&f=nietbestaand", token_of("7"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(count_of(answer.body, "items"), 2);
    EXPECT_EQ(member(answer.body, "items.0.favourite"), "kwarktaart");
    EXPECT_EQ(member(answer.body, "items.0.promotions.0.promotionId"), "dagmarkt-f1");
    EXPECT_EQ(count_of(answer.body, "items.1.promotions"), 0);
}

TEST_F(Elastic, FavouritesRefuse) {
    expect_needs_token("GET", "/favourites?f=kaas");
    expect_failure(400, get("/favourites", token_of("7")), "no term");
    std::string many = "/favourites?f=x";
    for (int at = 0; at < 50; ++at) many += "&f=x";
    expect_failure(400, get(many, token_of("7")), "51 terms");
}

TEST_F(Elastic, ImportsCountRejectAndRemember) {
    const std::string body = batch("import-1", offer("i1", "A", 500) + "," + offer("i2", "B", 1001) + ",7");
    const Answer first = send("POST", "/admin/promotions", admin(), body);
    EXPECT_EQ(first.status, 202);
    EXPECT_EQ(
        first.body,
        R"({"batchId":"import-1","accepted":1,"updated":0,"rejected":[{"index":1,"message":)"
        R"("offerPriceCents must not be above originalPriceCents"},{"index":2,"message":"must be an object"}]})");
    const Answer again = send("POST", "/admin/promotions", admin(), batch("import-1", offer("i9", "Z", 500)));
    EXPECT_EQ(again.status, 202);
    EXPECT_EQ(again.body, first.body) << "the same batch has the same answer";
    EXPECT_EQ(get("/promotions/dagmarkt-i9").status, 404);
    const Answer later =
        send("POST", "/admin/promotions", admin(), batch("import-2", offer("i1", "A2", 500)));
    EXPECT_EQ(member(later.body, "updated"), "1");
    EXPECT_EQ(member(get("/promotions/dagmarkt-i1").body, "productName"), "A2");
    EXPECT_EQ(member(get("/search?q=A2").body, "total"), "1");
}

TEST_F(Elastic, ImportsRefuse) {
    const std::string path = "/admin/promotions";
    expect_needs_token("POST", path, batch("x", ""));
    expect_failure(403, send("POST", path, token_of("7"), batch("x", "")), "no administrator");
    for (const char* body : {"{", "[]", "{}", R"({"batchId":"b","retailerId":"dagmarkt"})",
                             R"({"batchId":"b","retailerId":"dagmarkt","promotions":{}})",
                             R"({"batchId":7,"retailerId":"dagmarkt","promotions":[]})",
                             R"({"batchId":"b b","retailerId":"dagmarkt","promotions":[]})",
                             R"({"batchId":"b","retailerId":"nobody","promotions":[]})"})
        expect_failure(400, send("POST", path, admin(), body), body);
    std::string many;
    for (int at = 0; at < 501; ++at) many += at > 0 ? ",1" : "1";
    expect_failure(400, send("POST", path, admin(), batch("many", many)), "501 offers");
}

TEST_F(Elastic, ImportsTakeFiveHundredLongOnes) {
    std::string many;
    for (int at = 0; at < 500; ++at)
        many += (at > 0 ? "," : "") + offer("long" + std::to_string(at), std::string(190, 'n'), 500);
    const Answer answer = send("POST", "/admin/promotions", admin(), batch("long", many));
    EXPECT_EQ(answer.status, 202) << answer.body.substr(0, 200);
    EXPECT_EQ(member(answer.body, "accepted"), "500");
}

TEST_F(Elastic, PromotionsAreDeleted) {
    import("delete", offer("d1", "Wegwerpkaas", 500));
    expect_needs_token("DELETE", "/admin/promotions/dagmarkt-d1");
    expect_failure(403, send("DELETE", "/admin/promotions/dagmarkt-d1", token_of("7")), "no administrator");
    EXPECT_EQ(send("DELETE", "/admin/promotions/dagmarkt-d1", admin()).status, 204);
    expect_failure(404, send("DELETE", "/admin/promotions/dagmarkt-d1", admin()), "twice");
    expect_failure(404, get("/promotions/dagmarkt-d1"), "gone");
    EXPECT_EQ(member(get("/search?q=wegwerpkaas").body, "total"), "0");
}

TEST_F(Elastic, UnknownPathsAndMethods) {
    expect_failure(404, get("/nothing"), "path");
    const Answer answer = send("PUT", "/promotions");
    expect_failure(405, answer, "method");
    ASSERT_NE(http::find_header(answer.headers, "allow"), nullptr);
    EXPECT_EQ(get("/health/ready").status, 200);
}

}  // namespace
}  // namespace loadgen::services::grocery::test
