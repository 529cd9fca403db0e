#include <gtest/gtest.h>

#include "common/base/encoding.hpp"
#include "tests/unit/services_orders/live.hpp"

namespace loadgen::services::orders::test {
namespace {

/// The ids of all pages, and how many pages there were.
struct Walk {
    std::vector<std::string> ids;
    int pages = 0;
};

class Pages : public LiveOrders {
  protected:
    Walk walk(const std::string& path, const std::string& size, const std::string& user_token) {
        Walk walked;
        std::string next;
        do {
            const auto page =
                ask("GET", path + "?pageSize=" + size + (next.empty() ? "" : "&pageToken=" + next), {},
                    user_token);
            EXPECT_EQ(page.status, 200) << page.body;
            if (page.status != 200) break;
            EXPECT_EQ(member(page.body, "pageSize"), size);
            for (std::size_t i = 0;; ++i) {
                const std::string id = member(page.body, "items." + std::to_string(i) + ".orderId");
                if (id == "(none)") break;
                walked.ids.push_back(id);
            }
            next = member(page.body, "nextPageToken");
            EXPECT_EQ(member(page.body, "hasMorePages"), next == "null" ? "false" : "true");
            ++walked.pages;
        } while (next != "null" && walked.pages < 20);
        return walked;
    }
};

TEST_F(Pages, AreEmptyAtFirst) {
    EXPECT_EQ(ask("GET", "/orders", {}, token("1")).body,
              R"({"items":[],"pageSize":20,"hasMorePages":false,"nextPageToken":null})");
}

TEST_F(Pages, HoldEveryOrderOfTheirUserOnceNewestFirst) {
    std::vector<std::string> made;
    for (int i = 0; i < 7; ++i) {
        made.push_back(order("1"));
        order("2");
    }
    for (const auto& [size, pages] :
         {std::pair{"1", 7}, std::pair{"3", 3}, std::pair{"7", 1}, std::pair{"100", 1}}) {
        const Walk walked = walk("/orders", size, token("1"));
        EXPECT_EQ(walked.pages, pages);
        EXPECT_EQ(walked.ids.size(), made.size());
        EXPECT_EQ(std::set<std::string>(walked.ids.begin(), walked.ids.end()),
                  std::set<std::string>(made.begin(), made.end()));
        EXPECT_EQ(walked.ids, walk("/orders", "100", token("1")).ids);
    }
}

TEST_F(Pages, GoOnWhereTheyEndedWhenOrdersComeMeanwhile) {
    for (int i = 0; i < 4; ++i) order("1");
    const auto first = ask("GET", "/orders?pageSize=2", {}, token("1"));
    order("1");
    const auto second =
        ask("GET", "/orders?pageSize=2&pageToken=" + member(first.body, "nextPageToken"), {}, token("1"));
    EXPECT_EQ(member(second.body, "items"), "array of 2");
    EXPECT_EQ(member(second.body, "hasMorePages"), "false");
    EXPECT_NE(member(first.body, "items.1.orderId"), member(second.body, "items.0.orderId"));
}

TEST_F(Pages, OfTheConfirmedAreThoseOfAllUsers) {
    const std::string admin = token("admin", UserType::kAdmin);
    order("1");
    const std::set<std::string> confirmed = {confirmed_order("1"), confirmed_order("2"),
                                             confirmed_order("3")};
    const Walk walked = walk("/orders/confirmed", "2", admin);
    EXPECT_EQ(walked.pages, 2);
    EXPECT_EQ(std::set<std::string>(walked.ids.begin(), walked.ids.end()), confirmed);
    const auto page = ask("GET", "/orders/confirmed", {}, admin);
    EXPECT_EQ(member(page.body, "items.0.status"), "Confirmed");
    const std::string first = member(page.body, "items.0.orderId");
    ASSERT_EQ(complete(first, member(page.body, "items.0.userId")).status, 200);
    EXPECT_EQ(walk("/orders/confirmed", "2", admin).ids.size(), 2U);
}

TEST_F(Pages, RefuseWhatIsNoPage) {
    for (const std::string& query :
         {std::string("pageSize=0"), std::string("pageSize=101"), std::string("pageSize=-1"),
          std::string("pageSize=x"), std::string("pageSize=1.5"), std::string("pageSize="),
          std::string("pageSize=5&pageSize=6"), std::string("pageSize=99999999999999999999"),
          std::string("pageToken="), std::string("pageToken=!"), std::string("pageToken=e30="),
          "pageToken=" + to_base64(R"({"created":1,"id":")" + std::string(900, 'x') + "\"}"),
          "pageToken=" + std::string(1001, 'A'), std::string("pageToken=%zz")}) {
        const auto answer = ask("GET", "/orders?" + query, {}, token("1"));
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_EQ(member(answer.body, "error"), "VALIDATION_ERROR") << answer.body;
    }
    EXPECT_EQ(ask("GET", "/orders?pageSize=100&other=1", {}, token("1")).status, 200);
}

TEST_F(Pages, ATokenOfSomebodyElseShowsNothingOfTheirs) {
    for (int i = 0; i < 3; ++i) order("1");
    const auto first = ask("GET", "/orders?pageSize=1", {}, token("1"));
    const auto stolen =
        ask("GET", "/orders?pageToken=" + member(first.body, "nextPageToken"), {}, token("2"));
    EXPECT_EQ(stolen.status, 200);
    EXPECT_EQ(member(stolen.body, "items"), "array of 0");
}

}  // namespace
}  // namespace loadgen::services::orders::test
