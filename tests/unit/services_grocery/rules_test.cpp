// The rules of the shared domain, the imports and the lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "services/grocery/elastic/http/import_request.hpp"
#include "services/grocery/lists/domain/list.hpp"
#include "services/grocery/seed/demo.hpp"
#include "services/grocery/shared/domain/app_version.hpp"
#include "services/grocery/shared/domain/favourite_term.hpp"
#include "services/grocery/shared/domain/promotion.hpp"
#include "services/grocery/stats/domain/tally.hpp"
#include "services/grocery/users/domain/notification.hpp"
#include "services/grocery/users/domain/profile.hpp"
#include "services/grocery/users/domain/push_endpoint.hpp"

namespace loadgen::services::grocery {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Calendar, ReadsDaysThatExist) {
    ASSERT_TRUE(parse_day("2024-02-29").has_value());
    EXPECT_EQ(format_day(*parse_day("2024-02-29")), "2024-02-29");
    EXPECT_EQ(start_ms(*parse_day("1970-01-02")), 86'400'000);
    for (const char* text : {"2023-02-29", "2024-2-9", "2024-13-01", "2024-00-10", "20240229", "2024-02-29 ",
                             "+024-02-29", "", "yyyy-mm-dd"})
        EXPECT_FALSE(parse_day(text).has_value()) << text;
}

TEST(Calendar, DaysChangeAtMidnightUtc) {
    constexpr std::int64_t kMidnight = 1'735'689'600'000'000'000;  // 2025-01-01T00:00:00Z, by date(1)
    EXPECT_EQ(format_day(day_of(WallTime{kMidnight})), "2025-01-01");
    EXPECT_EQ(format_day(day_of(WallTime{kMidnight - 1})), "2024-12-31");
    EXPECT_EQ(format_ms(kMidnight / 1'000'000 + 5), "2025-01-01T00:00:00.005Z");
}

TEST(AppVersion, ComparesNumbersNotTexts) {
    // The original compared texts, part by part: it refused 2.0 where 1.5 was needed, and 1.10 where 1.9 was.
    EXPECT_TRUE(supports_app("2.0", "1.5"));
    EXPECT_TRUE(supports_app("1.10", "1.9"));
    EXPECT_TRUE(supports_app("1.5", "1.5"));
    EXPECT_TRUE(supports_app("1.5.0.7", "1.5"));
    EXPECT_FALSE(supports_app("1.4", "1.5"));
    EXPECT_FALSE(supports_app("0.9", "1.5"));
    EXPECT_FALSE(supports_app("1.9", "1.10"));
}

TEST(AppVersion, RefusesWhatIsNoVersion) {
    for (const char* version : {"", "2", "2.", ".5", "2.x", "v2.5", "-2.5", "2. 5", "99999999999.1"})
        EXPECT_FALSE(supports_app(version, "1.5")) << version;
}

Promotion good_promotion() {
    Promotion promotion;
    promotion.product_name = "Kaas";
    promotion.original_price_cents = 300;
    promotion.offer_price_cents = 300;
    promotion.valid_from = promotion.valid_until = *parse_day("2025-01-01");
    return promotion;
}

TEST(PromotionRules, AllowTheLimits) {
    EXPECT_EQ(check_promotion(good_promotion()), std::nullopt);
}

TEST(PromotionRules, NameWhatIsWrong) {
    Promotion promotion = good_promotion();
    promotion.product_name.clear();
    EXPECT_EQ(check_promotion(promotion), "productName must not be empty");
    promotion = good_promotion();
    promotion.original_price_cents = 0;
    EXPECT_EQ(check_promotion(promotion), "originalPriceCents must be above 0");
    promotion = good_promotion();
    promotion.offer_price_cents = -1;
    EXPECT_EQ(check_promotion(promotion), "offerPriceCents must be above 0");
    promotion = good_promotion();
    promotion.offer_price_cents = 301;
    EXPECT_EQ(check_promotion(promotion), "offerPriceCents must not be above originalPriceCents");
    promotion = good_promotion();
    promotion.valid_until -= std::chrono::days(1);
    EXPECT_EQ(check_promotion(promotion), "validFrom must not be after validUntil");
}

TEST(PromotionId, NamesItsRetailer) {
    EXPECT_EQ(promotion_id_of("dagmarkt", "a-1"), "dagmarkt-a-1");
    EXPECT_EQ(retailer_of("dagmarkt-a-1"), "dagmarkt");
    EXPECT_EQ(retailer_of("nodash"), "");
}

elastic::Batch sorted(std::string_view json) {
    text::JsonDocument document;
    const auto root = document.parse(json);
    EXPECT_TRUE(root.has_value());
    elastic::Batch batch{.batch_id = "b", .retailer_id = "dagmarkt", .promotions = {}, .rejected = {}};
    elastic::sort_out(batch, *root);
    return batch;
}

constexpr std::string_view kGood =
    R"({"sourceId":"s1","productName":"Kaas","category":"dairy","originalPriceCents":500,)"
    R"("offerPriceCents":400,"validFrom":"2025-01-01","validUntil":"2025-01-07"})";

std::string with(std::string_view from, std::string_view to) {
    std::string json(kGood);
    json.replace(json.find(from), from.size(), to);
    return json;
}

TEST(ImportRequest, TakesWhatIsRight) {
    const auto batch = sorted("[" + std::string(kGood) + "]");
    EXPECT_THAT(batch.rejected, IsEmpty());
    ASSERT_EQ(batch.promotions.size(), 1U);
    EXPECT_EQ(batch.promotions[0].promotion_id, "dagmarkt-s1");
    EXPECT_EQ(batch.promotions[0].offer_price_cents, 400);
    EXPECT_EQ(format_day(batch.promotions[0].valid_until), "2025-01-07");
}

TEST(ImportRequest, RejectsEachWrongOneByItsPlace) {
    const std::string array = "[" + std::string(kGood) + ",7," + with("\"Kaas\"", "\"\"") + "," +
                              with("400", "501") + "," + std::string(kGood) + "," +
                              with("2025-01-01", "2025-02-30") + "," + with("\"s1\"", "\"s 1\"") + "," +
                              with("500", "\"500\"") + "]";
    const auto batch = sorted(array);
    EXPECT_EQ(batch.promotions.size(), 1U);
    std::vector<std::string> told;
    for (const auto& rejection : batch.rejected)
        told.push_back(std::to_string(rejection.index) + " " + rejection.message);
    EXPECT_THAT(told, ElementsAre("1 must be an object", "2 productName must have 1 to 200 characters",
                                  "3 offerPriceCents must not be above originalPriceCents",
                                  "4 sourceId comes twice in this batch",
                                  "5 validFrom must be a calendar date in the format yyyy-mm-dd",
                                  "6 sourceId must be letters, digits, '.', '_' or '-'",
                                  ::testing::StartsWith("7 originalPriceCents must be")));
}

TEST(FavouriteTerms, AreFoldedAsInSearch) {
    EXPECT_EQ(fold_term(" Crème  Fraîche! "), "creme fraiche");
    EXPECT_EQ(fold_term("KILO'S #1"), "kilos 1");
    EXPECT_EQ(fold_term("?!"), "");
}

TEST(Languages, AreTwoLettersWithOrWithoutARegion) {
    for (const char* good : {"nl", "en", "en-GB"}) EXPECT_TRUE(users::is_language(good)) << good;
    for (const char* bad : {"", "n", "NL", "nld", "en-gb", "en_GB", "en-GBR"})
        EXPECT_FALSE(users::is_language(bad)) << bad;
}

TEST(PushEndpoints, StayOnThisMachineUnlessAllowed) {
    using users::check_push_endpoint;
    using users::PushReach;
    for (const char* good :
         {"http://127.0.0.1:9000/push", "http://127.8.8.8/", "http://[::1]:80/x", "https://localhost/x"})
        EXPECT_EQ(check_push_endpoint(good, PushReach::kLoopback), std::nullopt) << good;
    for (const char* bad :
         {"http://10.0.0.1/", "http://example.org/", "http://127.0.0.1.example.org/", "http://127.evil/",
          "http://localhost.example.org/", "http://[::2]/", "http://0.0.0.0/"})
        EXPECT_EQ(check_push_endpoint(bad, PushReach::kLoopback),
                  "must name this machine (127.0.0.1, [::1] or localhost)")
            << bad;
    EXPECT_EQ(check_push_endpoint("http://example.org/", PushReach::kAnywhere), std::nullopt);
    EXPECT_EQ(check_push_endpoint("ftp://127.0.0.1/", PushReach::kAnywhere), "must be an http or https URL");
    EXPECT_EQ(check_push_endpoint("127.0.0.1:80", PushReach::kAnywhere), "must be an http or https URL");
    EXPECT_EQ(check_push_endpoint("http://a:b@127.0.0.1/", PushReach::kLoopback),
              "must not hold a user name or password");
}

TEST(PushEndpoints, AreTriedAgainLaterAndLater) {
    EXPECT_EQ(users::push_retry_wait(1), std::chrono::seconds(1));
    EXPECT_EQ(users::push_retry_wait(4), std::chrono::seconds(8));
}

TEST(Notifications, AreOneObject) {
    const std::string body = users::notification_body(FavouriteOnOffer{.user_id = "7",
                                                                       .favourite = "kaas",
                                                                       .promotion_id = "r-1",
                                                                       .retailer_id = "r",
                                                                       .offer_price_cents = 199,
                                                                       .valid_until = "2025-01-07"});
    EXPECT_EQ(users::notification_json({.at_ms = 1'735'689'600'000, .id = "n1", .body = body}),
              R"({"notificationId":"n1","createdAt":"2025-01-01T00:00:00.000Z","kind":"favouriteOnOffer",)"
              R"("favourite":"kaas","promotionId":"r-1","retailerId":"r","offerPriceCents":199,)"
              R"("validUntil":"2025-01-07"})");
}

TEST(ListItems, ChangeOnlyWhatIsNamed) {
    lists::Item item;
    item.name = "Kaas";
    item.note = "oud";
    lists::ItemChange change;
    EXPECT_FALSE(lists::apply_change(change, item));
    change.name = "Kaas";
    EXPECT_FALSE(lists::apply_change(change, item)) << "the name it has";
    EXPECT_EQ(item.version, 1);
    change.quantity = 3;
    change.checked = true;
    change.note = "";
    EXPECT_TRUE(lists::apply_change(change, item));
    EXPECT_EQ(item.version, 2);
    EXPECT_EQ(item.name, "Kaas");
    EXPECT_EQ(item.quantity, 3);
    EXPECT_TRUE(item.checked);
    EXPECT_EQ(item.note, "");
}

TEST(Tally, CountsWhatPeopleDo) {
    using stats::Count;
    using stats::counts_of;
    EXPECT_THAT(counts_of({.action = "viewed", .user_id = "7", .promotion_id = "r-1", .retailer_id = "r"}),
                ElementsAre(Count{"promotion", "r-1", "views"}, Count{"retailer", "r", "views"}));
    EXPECT_THAT(counts_of({.action = "added", .user_id = "7", .promotion_id = "r-1"}),
                ElementsAre(Count{"promotion", "r-1", "adds"}, Count{"retailer", "r", "adds"},
                            Count{"user", "7", "adds"}));
    EXPECT_THAT(counts_of({.action = "checked", .user_id = "7"}), ElementsAre(Count{"user", "7", "checks"}));
    EXPECT_THAT(counts_of({.action = "searched", .retailer_id = "r", .term = "kaas", .hits = 3}),
                ElementsAre(Count{"term", "kaas", "searches"}));
    EXPECT_THAT(counts_of({.action = "searched", .term = "kaaz", .hits = 0}),
                ElementsAre(Count{"term", "kaaz", "searches"}, Count{"term", "kaaz", "zeroHits"}));
    EXPECT_THAT(counts_of({.action = "favourited", .user_id = "7", .term = "kaas"}),
                ElementsAre(Count{"term", "kaas", "favourites"}));
    EXPECT_THAT(counts_of({.action = "danced", .user_id = "7", .term = "kaas"}), IsEmpty());
}

TEST(DemoData, IsFifteenRetailersWithOffersValidToday) {
    const Day today = *parse_day("2025-06-15");
    EXPECT_EQ(seed::demo_retailers().size(), 15U);
    std::set<std::string> ids;
    for (const auto& retailer : seed::demo_retailers()) {
        EXPECT_TRUE(is_identifier(retailer.retailer_id));
        EXPECT_EQ(retailer.retailer_id.find('-'), std::string_view::npos);
        for (const Promotion& promotion : seed::demo_promotions(retailer, today)) {
            EXPECT_EQ(check_promotion(promotion), std::nullopt) << promotion.promotion_id;
            EXPECT_LE(promotion.valid_from, today);
            EXPECT_GE(promotion.valid_until, today);
            EXPECT_EQ(retailer_of(promotion.promotion_id), retailer.retailer_id);
            ids.insert(promotion.promotion_id);
        }
    }
    EXPECT_EQ(ids.size(), 15U * 24U);
}

}  // namespace
}  // namespace loadgen::services::grocery
