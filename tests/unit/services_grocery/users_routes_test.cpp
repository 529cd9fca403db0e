// Every route of the users service, its successes and its failures.
#include <gmock/gmock.h>

#include "tests/unit/services_grocery/contract.hpp"

namespace loadgen::services::grocery::test {
namespace {

class Users : public RouteTest {
  protected:
    Users() : RouteTest("grocery-users") {}

    /// 401 without a good token, 403 with somebody else's.
    void expect_own(const std::string& method, const std::string& path, const std::string& body = {}) {
        expect_needs_token(method, path, body);
        expect_failure(403, send(method, path, token_of("8"), body), method + " " + path);
    }
};

TEST_F(Users, ProfileIsMadeOnTheFirstCall) {
    const Answer first = get("/users/7", token_of("7"));
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(member(first.body, "userId"), "7");
    EXPECT_EQ(member(first.body, "displayName"), "");
    EXPECT_EQ(member(first.body, "minVersion"), "1.4");
    EXPECT_EQ(get("/users/7", token_of("7")).body, first.body);
    expect_own("GET", "/users/7");
}

TEST_F(Users, ProfileChangesWhatIsNamed) {
    const std::string token = token_of("7");
    Answer answer = send("PUT", "/users/7", token, R"({"displayName":"Ann","notify":{"listChanges":false}})");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(member(answer.body, "displayName"), "Ann");
    EXPECT_EQ(member(answer.body, "notify.listChanges"), "false");
    EXPECT_EQ(member(answer.body, "notify.favouriteOffers"), "true");
    answer = send("PUT", "/users/7", token, R"({"language":"en-GB"})");
    EXPECT_EQ(member(answer.body, "displayName"), "Ann");
    EXPECT_EQ(member(get("/users/7", token).body, "language"), "en-GB");
    expect_own("PUT", "/users/7", "{}");
    expect_reads_json("PUT", "/users/7", token);
    for (const char* body : {R"({"displayName":7})", R"({"displayName":""})", R"({"language":"dutch"})",
                             R"({"notify":true})", R"({"notify":{"listChanges":"no"}})"})
        expect_failure(400, send("PUT", "/users/7", token, body), body);
}

TEST_F(Users, StatusComparesVersions) {
    const std::string token = token_of("7");
    const auto supported = [&](const std::string& version) {
        const Answer answer =
            send("PUT", "/users/7/status", token, R"({"appVersion":")" + version + R"(","platform":"ios"})");
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(member(answer.body, "minVersion"), "1.4");
        return member(answer.body, "supported");
    };
    EXPECT_EQ(supported("1.4"), "true");
    EXPECT_EQ(supported("1.10"), "true");
    EXPECT_EQ(supported("2.0"), "true");
    EXPECT_EQ(supported("1.3.9"), "false");
    EXPECT_EQ(supported("2"), "false");
    expect_own("PUT", "/users/7/status", R"({"appVersion":"2.0","platform":"ios"})");
    expect_reads_json("PUT", "/users/7/status", token);
    for (const char* body : {"{}", R"({"appVersion":"1.4"})", R"({"appVersion":1.4,"platform":"ios"})",
                             R"({"appVersion":"1.4","platform":"i#s"})",
                             R"({"appVersion":"1.4","platform":"ios","pushEndpoint":"http://10.0.0.1/"})",
                             R"({"appVersion":"1.4","platform":"ios","pushEndpoint":"nowhere"})"})
        expect_failure(400, send("PUT", "/users/7/status", token, body), body);
}

TEST_F(Users, FavouritesAreKeptFolded) {
    const std::string token = token_of("7");
    const Answer added = send("PUT", "/users/7/favourites/Cr%C3%A8me%20Fra%C3%AEche!", token);
    EXPECT_EQ(added.status, 201);
    EXPECT_EQ(member(added.body, "term"), "creme fraiche");
    EXPECT_EQ(send("PUT", "/users/7/favourites/creme%20fraiche", token).status, 200);
    EXPECT_EQ(send("PUT", "/users/7/favourites/KAAS", token).status, 201);
    const Answer all = get("/users/7/favourites", token);
    EXPECT_EQ(all.status, 200);
    EXPECT_EQ(count_of(all.body, "items"), 2);
    EXPECT_EQ(member(all.body, "items.1.term"), "kaas");
    EXPECT_EQ(send("DELETE", "/users/7/favourites/Kaas", token).status, 204);
    expect_failure(404, send("DELETE", "/users/7/favourites/kaas", token), "twice");
    EXPECT_EQ(count_of(get("/users/7/favourites", token).body, "items"), 1);
    expect_failure(400, send("PUT", "/users/7/favourites/%21", token), "no word");
    expect_failure(400, send("PUT", "/users/7/favourites/" + std::string(101, 'x'), token), "long");
    expect_own("GET", "/users/7/favourites");
    expect_own("PUT", "/users/7/favourites/kaas");
    expect_own("DELETE", "/users/7/favourites/kaas");
}

TEST_F(Users, FavouritesHaveALimit) {
    const std::string token = token_of("7");
    for (int at = 0; at < 200; ++at)
        ASSERT_EQ(send("PUT", "/users/7/favourites/word" + std::to_string(at), token).status, 201);
    expect_failure(409, send("PUT", "/users/7/favourites/onemore", token), "201st");
    EXPECT_EQ(send("PUT", "/users/7/favourites/word0", token).status, 200) << "a known one still answers";
    EXPECT_EQ(count_of(get("/users/7/favourites", token).body, "items"), 200);
}

TEST_F(Users, NotificationsAreEmptyAtFirst) {
    const std::string token = token_of("7");
    const Answer answer = get("/users/7/notifications", token);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"items":[],"next":0})");
    expect_own("GET", "/users/7/notifications");
    expect_own("GET", "/users/7/notifications/stream");
    for (const char* query : {"since=-1", "since=x", "limit=0", "limit=101"})
        expect_failure(400, get(std::string("/users/7/notifications?") + query, token), query);
}

}  // namespace
}  // namespace loadgen::services::grocery::test
