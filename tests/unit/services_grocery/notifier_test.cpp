// From an import to a notification, through the real bus: once for each user, favourite and offer.
#include <gmock/gmock.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "services/grocery/shared/domain/calendar.hpp"
#include "tests/unit/services_grocery/contract.hpp"

namespace loadgen::services::grocery::test {
namespace {

std::string day(int from_today) {
    return format_day(day_of(system_clock().wall_now()) + std::chrono::days(from_today));
}

std::string offer(const std::string& source, const std::string& name, int from = 0) {
    return R"({"sourceId":")" + source + R"(","productName":")" + name + R"(","category":"testing",)" +
           R"("originalPriceCents":1000,"offerPriceCents":750,"validFrom":")" + day(from) +
           R"(","validUntil":")" + day(from + 3) + R"("})";
}

/// An endpoint that answers one connection at a time with a status, and keeps what it was sent.
class PushEndpoint {
  public:
    PushEndpoint() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(listener_, 8), 0);
        socklen_t size = sizeof address;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
    }
    ~PushEndpoint() { ::close(listener_); }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/push"; }

    /// The next request, answered with `status`; empty when none comes.
    std::string serve(int status) {
        pollfd waiting{.fd = listener_, .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, 20'000) <= 0) return {};
        const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        std::string request;
        char buffer[4096];
        while (request.find("\r\n\r\n") == std::string::npos || !request.ends_with("}")) {
            const ssize_t got = ::recv(peer, buffer, sizeof buffer, 0);
            if (got <= 0) break;
            request.append(buffer, static_cast<std::size_t>(got));
        }
        const std::string answer =
            "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
        ::close(peer);
        return request;
    }

  private:
    int listener_;
    std::uint16_t port_ = 0;
};

class Notifier : public RouteTest {
  protected:
    Notifier() : RouteTest("grocery-users"), ann_(token_of("7")), bob_(token_of("8")) {}

    void favour(const std::string& token, const std::string& user, const std::string& term) {
        ASSERT_EQ(send("PUT", "/users/" + user + "/favourites/" + term, token).status, 201);
    }
    void import(const std::string& batch, const std::string& offers) {
        const Answer answer = client_.send(
            "POST", services().url("grocery-elastic") + "/admin/promotions", admin(),
            R"({"batchId":")" + batch + R"(","retailerId":"dagmarkt","promotions":[)" + offers + "]}");
        ASSERT_EQ(answer.status, 202) << answer.body;
    }
    std::string news(const std::string& user, const std::string& token) {
        return get("/users/" + user + "/notifications?limit=100", token).body;
    }

    const std::string ann_;
    const std::string bob_;
};

TEST_F(Notifier, TellsEachUserOnceOfEachOffer) {
    favour(ann_, "7", "wondertaart");
    favour(bob_, "8", "wondertaart");
    favour(ann_, "7", "toversoep");
    import("n1", offer("t1", "Wondertaarten") + "," + offer("t2", "Toversoep", 2) + "," +
                     offer("t3", "Iets anders"));
    ASSERT_TRUE(eventually([&] { return count_of(news("7", ann_), "items") == 2; })) << news("7", ann_);
    ASSERT_TRUE(eventually([&] { return count_of(news("8", bob_), "items") == 1; })) << news("8", bob_);
    const std::string first = news("8", bob_);
    EXPECT_EQ(member(first, "items.0.kind"), "favouriteOnOffer");
    EXPECT_EQ(member(first, "items.0.favourite"), "wondertaart");
    EXPECT_EQ(member(first, "items.0.promotionId"), "dagmarkt-t1");
    EXPECT_EQ(member(first, "items.0.retailerId"), "dagmarkt");
    EXPECT_EQ(member(first, "items.0.offerPriceCents"), "750");
    EXPECT_EQ(member(first, "items.0.validUntil"), day(3));
    // The same offers in a new batch are not news; one that was not there is.
    import("n2", offer("t1", "Wondertaarten") + "," + offer("t4", "Nog een wondertaart"));
    ASSERT_TRUE(eventually([&] { return count_of(news("8", bob_), "items") == 2; })) << news("8", bob_);
    EXPECT_EQ(member(news("8", bob_), "items.1.promotionId"), "dagmarkt-t4");
    ASSERT_TRUE(eventually([&] { return count_of(news("7", ann_), "items") == 3; }));
    const std::string next = *member(first, "next");
    EXPECT_EQ(count_of(get("/users/8/notifications?since=" + next, bob_).body, "items"), 1);
}

TEST_F(Notifier, ReachesAnOpenStreamAndGoesOnBehindTheLastEvent) {
    favour(ann_, "7", "wondertaart");
    const std::uint16_t port = services().port("grocery-users");
    EventStream stream(port, "/users/7/notifications/stream", ann_);
    ASSERT_TRUE(stream.wait_for("retry: 1000"));
    import("n1", offer("t1", "Wondertaart"));
    ASSERT_TRUE(stream.wait_for("\"promotionId\":\"dagmarkt-t1\"")) << stream.received();
    EXPECT_THAT(stream.received(), ::testing::HasSubstr("event: notification"));
    import("n2", offer("t2", "Wondertaart"));
    ASSERT_TRUE(stream.wait_for("dagmarkt-t2"));
    const std::size_t id = stream.received().find("\nid: ") + 5;
    EventStream later(port, "/users/7/notifications/stream", ann_, stream.received().substr(id, 13));
    ASSERT_TRUE(later.wait_for("dagmarkt-t2")) << later.received();
    EXPECT_THAT(later.received(), ::testing::Not(::testing::HasSubstr("dagmarkt-t1")));
}

TEST_F(Notifier, RespectsWishes) {
    favour(ann_, "7", "wondertaart");
    favour(bob_, "8", "wondertaart");
    ASSERT_EQ(send("PUT", "/users/7", ann_, R"({"notify":{"favouriteOffers":false}})").status, 200);
    import("n1", offer("t1", "Wondertaart"));
    ASSERT_TRUE(eventually([&] { return count_of(news("8", bob_), "items") == 1; }));
    ASSERT_EQ(send("PUT", "/users/7", ann_, R"({"notify":{"favouriteOffers":true}})").status, 200);
    import("n2", offer("t2", "Wondertaart"));
    ASSERT_TRUE(eventually([&] { return count_of(news("7", ann_), "items") == 1; }));
    EXPECT_EQ(member(news("7", ann_), "items.0.promotionId"), "dagmarkt-t2");
}

TEST_F(Notifier, TellsOfSharedLists) {
    const std::string lists = services().url("grocery-lists");
    ASSERT_EQ(client_.send("POST", lists + "/lists", ann_, R"({"listId":"l","name":"L"})").status, 201);
    ASSERT_EQ(client_.send("POST", lists + "/lists/l/members", ann_, R"({"userId":"8"})").status, 201);
    ASSERT_TRUE(eventually([&] { return count_of(news("8", bob_), "items") == 1; }));
    EXPECT_EQ(member(news("8", bob_), "items.0.kind"), "listShared");
    EXPECT_EQ(member(news("8", bob_), "items.0.listId"), "l");
    EXPECT_EQ(member(news("8", bob_), "items.0.actorUserId"), "7");
}

TEST_F(Notifier, PostsToThePushEndpointUntilItTakesIt) {
    PushEndpoint endpoint;
    ASSERT_EQ(send("PUT", "/users/7/status", ann_,
                   R"({"appVersion":"2.0","platform":"web","pushEndpoint":")" + endpoint.url() + R"("})")
                  .status,
              200);
    favour(ann_, "7", "wondertaart");
    import("n1", offer("t1", "Wondertaart"));
    const std::string refused = endpoint.serve(503);
    EXPECT_THAT(refused, ::testing::StartsWith("POST /push HTTP/1.1\r\n"));
    EXPECT_THAT(refused, ::testing::HasSubstr("\"promotionId\":\"dagmarkt-t1\""));
    const std::string taken = endpoint.serve(204);
    EXPECT_EQ(taken.substr(taken.find("\r\n\r\n")), refused.substr(refused.find("\r\n\r\n")))
        << "the same notification";
    import("n2", offer("t2", "Wondertaart"));
    EXPECT_THAT(endpoint.serve(204), ::testing::HasSubstr("dagmarkt-t2"))
        << "and what was taken comes no more";
}

}  // namespace
}  // namespace loadgen::services::grocery::test
