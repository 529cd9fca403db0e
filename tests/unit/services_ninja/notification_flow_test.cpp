// From an order to what people are told, through outbox, bus and inbox.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "services/ninja/notification/events/channel.hpp"
#include "services/ninja/notification/service.hpp"
#include "services/ninja/orders/service.hpp"
#include "tests/unit/services_ninja/live.hpp"

namespace loadgen::services::ninja {
namespace {

using notification::Notification;
using test::Live;
using ::testing::HasSubstr;

/// Keeps what it was sent; the first try of each notification may fail.
struct Box {
    std::mutex mutex;
    std::vector<Notification> seen;
    bool first_fails = false;
};
Box* box = nullptr;  // a ServiceType has a plain function, which can be told in no other way

class BoxChannel final : public notification::Channel {
  public:
    std::string_view name() const override { return "box"; }
    void send(const Notification& one, std::function<void(Result<void>)> sent) override {
        const std::lock_guard<std::mutex> lock(box->mutex);
        box->seen.push_back(one);
        if (box->first_fails && box->seen.size() == 1) return sent(Error{ErrorCode::kIo, "mail server away"});
        sent({});
    }
};

class Flow : public ::testing::Test {
  protected:
    Flow() {
        box = &box_;
        type_ = kNinjaNotification;
        type_.make = [](runtime::ServiceContext& context) {
            return notification::make_service(context, std::make_unique<BoxChannel>());
        };
    }
    std::string order(Live& live, const http::Headers& headers = {}) {
        const auto answer = live.ask("ninja-orders", "POST", "/api/orders",
                                     R"({"customer_name":"Ran","order_item_count":5})", headers);
        return test::text_member(answer.substr(4), "order_id");
    }
    std::size_t seen() {
        const std::lock_guard<std::mutex> lock(box_.mutex);
        return box_.seen.size();
    }

    Box box_;
    runtime::ServiceType type_;
};

TEST_F(Flow, AnOrderIsToldOnceWithItsWords) {
    Live live({&kNinjaOrders, &type_});
    const http::Headers key = {{"Idempotency-Key", "k"}};
    const std::string id = order(live, key);
    EXPECT_EQ(order(live, key), id);
    const std::string second = order(live);
    const std::string path = "/api/notifications/" + second;
    ASSERT_TRUE(test::eventually([&] {
        return live.ask("ninja-notification", "GET", path).find(R"("sent_at":"20)") != std::string::npos;
    }));
    ASSERT_TRUE(test::eventually([&] { return seen() >= 2; }));
    EXPECT_EQ(seen(), 2U) << "the repeated request tells nothing";
    const std::lock_guard<std::mutex> lock(box_.mutex);
    const auto& first = box_.seen.front().order_id == id ? box_.seen.front() : box_.seen.back();
    EXPECT_EQ(first.subject, "Order " + id + " created");
    EXPECT_EQ(first.message, "Order id: " + id + "\nCustomer name: Ran\nQuantity: 5");
}

TEST_F(Flow, AChannelThatFailsIsTriedAgain) {
    box_.first_fails = true;
    Live live({&kNinjaOrders, &type_});
    const std::string path = "/api/notifications/" + order(live);
    std::string shown;
    ASSERT_TRUE(test::eventually([&] {
        shown = live.ask("ninja-notification", "GET", path);
        return shown.find(R"("sent_at":"20)") != std::string::npos;
    }));
    EXPECT_THAT(shown, HasSubstr(R"("attempts":2)"));
    EXPECT_EQ(seen(), 2U);
}

TEST_F(Flow, TheLogChannelNeedsNothing) {
    Live live({&kNinjaOrders, &kNinjaNotification});
    const std::string path = "/api/notifications/" + order(live);
    EXPECT_TRUE(test::eventually([&] {
        return live.ask("ninja-notification", "GET", path).find(R"("sent_at":"20)") != std::string::npos;
    }));
    EXPECT_EQ(live.ask("ninja-notification", "GET", "/api/notifications/1"), "400 {}");
    EXPECT_EQ(
        live.ask("ninja-notification", "GET", "/api/notifications/0b3e6f0a-7f1c-4d51-9a39-55b5c1a1f2aa"),
        "200 []");
}

}  // namespace
}  // namespace loadgen::services::ninja
