// The routes of users against a running service.
#include "common/text/json_reader.hpp"
#include "services/users/service.hpp"
#include "tests/unit/services_shop/shop_test.hpp"

namespace loadgen::services::users {
namespace {

using shop_test::Answer;
using shop_test::field;
using shop_test::UserType;

constexpr const char* kTestUser =
    R"({"email_address":"test@test.com","first_name":"Test","last_name":"User","password":"Test!23"})";
// Of the original library: the hash of TEST@TEST.COM.
constexpr const char* kTestId = "15684379648573481564";

std::string user_body(const std::string& email, const std::string& password, const std::string& more = {}) {
    return R"({"email_address":")" + email + R"(","first_name":"A","last_name":"B","password":")" + password +
           '"' + more + '}';
}

std::string login_body(const std::string& email, const std::string& password) {
    return R"({"email_address":")" + email + R"(","password":")" + password + "\"}";
}

/// The token of a login's answer.
std::string token_in(const Answer& login) {
    text::JsonDocument document;
    const auto root = document.parse(login.body);
    const auto data = root ? root->find("data") : std::nullopt;
    const auto token = data ? data->find("token") : std::nullopt;
    return token ? std::string(token->as_string().value_or("")) : std::string();
}

class Users : public shop_test::ShopTest {
  protected:
    explicit Users(const Change& change = nullptr) : ShopTest(kUsers, shop_test::kUsersShape, change) {}

    UserType type_of(const std::string& email, const std::string& password) {
        const auto claims = tokens_.claims_of(token_in(send("POST", "/login", login_body(email, password))));
        EXPECT_TRUE(claims.has_value()) << email;
        return claims ? claims->user_type : UserType::kStandard;
    }
};

TEST_F(Users, ANewUserIsShownWithoutSecrets) {
    const Answer made = send("POST", "/user", kTestUser);
    EXPECT_EQ(made.status, 200);
    EXPECT_EQ(made.body, R"({"data":{"userId":"TEST@TEST.COM","firstName":"Test","lastName":"User",)"
                         R"("emailAddress":"test@test.com","orderCount":0},"message":""})");
    EXPECT_EQ(field(made, "content-type"), "application/json");
}

TEST_F(Users, RegistrationIsToldOnceWithTheHash) {
    services_.listen({"users.userCreated.v1"});
    EXPECT_EQ(send("POST", "/user", kTestUser).status, 200);
    EXPECT_EQ(send("POST", "/user", kTestUser).status, 409);
    EXPECT_EQ(send("POST", "/user", user_body("USER@example.com", "password")).status, 200);
    ASSERT_TRUE(test::eventually([this] { return services_.heard().size() >= 2; }));
    const auto heard = services_.heard();
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_EQ(heard[0].data, R"({"userId":")" + std::string(kTestId) + "\"}");
    EXPECT_EQ(heard[1].data, R"({"userId":"2690990198362561843"})");
    EXPECT_EQ(heard[0].source, "dev.users");
}

TEST_F(Users, AnAddressRegistersOnce) {
    EXPECT_EQ(send("POST", "/user", user_body("a@b.c", "first-password")).status, 200);
    const Answer again = send("POST", "/user", user_body("A@B.C", "other-password"));
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.body, R"({"data":null,"message":"already registered"})");
    EXPECT_EQ(send("POST", "/login", login_body("a@b.c", "first-password")).status, 200);
    EXPECT_EQ(send("POST", "/login", login_body("a@b.c", "other-password")).status, 400);
}

TEST_F(Users, DetailsHaveLimits) {
    expect_reads_json("POST", "/user", {});
    const std::string at_the_limit = std::string(242, 'x') + "@example.com";
    expect_invalid(
        "POST", "/user", {},
        {"{}", user_body("", "password"), user_body("ab", "password"),
         user_body("nobody.example.com", "password"), user_body("a@b@c", "password"),
         user_body("@b.c", "password"), user_body("a@", "password"),
         user_body("x" + at_the_limit, "password"), user_body("a@b.c", "6bytes"),
         user_body("a@b.c", std::string(129, 'x')), user_body("a@b.c", "password", R"(,"admin_user":1)"),
         R"({"email_address":"a@b.c","last_name":"B","password":"password"})",
         R"({"email_address":"a@b.c","first_name":"","last_name":"B","password":"password"})",
         R"({"email_address":"a@b.c","first_name":")" + std::string(101, 'x') +
             R"(","last_name":"B","password":"password"})",
         R"({"email_address":"a@b.c","first_name":"A","last_name":null,"password":"password"})",
         R"({"email_address":7,"first_name":"A","last_name":"B","password":"password"})",
         R"({"email_address":"a@b.c","first_name":"A","last_name":"B","password":1234567})"});
    EXPECT_EQ(send("POST", "/user", user_body(at_the_limit, std::string(128, 'x'))).status, 200);
    EXPECT_EQ(send("POST", "/user", user_body("a@b", "7 bytes")).status, 200);
}

TEST_F(Users, OnlyAdministratorsMakeAdministrators) {
    const std::string wish = R"(,"admin_user":true)";
    EXPECT_EQ(send("POST", "/user", user_body("a@b.c", "password", wish)).status, 200);
    EXPECT_EQ(type_of("a@b.c", "password"), UserType::kStandard);
    const std::string standard = tokens_.of("1", UserType::kStandard);
    EXPECT_EQ(send("POST", "/user", user_body("d@b.c", "password", wish), standard).status, 200);
    EXPECT_EQ(type_of("d@b.c", "password"), UserType::kStandard);
    EXPECT_EQ(send("POST", "/user", user_body("f@b.c", "password", wish), tokens_.expired()).status, 200);
    EXPECT_EQ(type_of("f@b.c", "password"), UserType::kStandard);
    EXPECT_EQ(send("POST", "/user", user_body("e@b.c", "password", wish), admin()).status, 200);
    EXPECT_EQ(type_of("e@b.c", "password"), UserType::kAdmin);
    EXPECT_EQ(send("POST", "/user", user_body("g@b.c", "password", R"(,"admin_user":false)"), admin()).status,
              200);
    EXPECT_EQ(type_of("g@b.c", "password"), UserType::kStandard);
}

TEST_F(Users, ALoginGivesATokenForADay) {
    EXPECT_EQ(send("POST", "/user", kTestUser).status, 200);
    const Answer login = send("POST", "/login", login_body("TEST@Test.com", "Test!23"));
    EXPECT_EQ(login.status, 200);
    EXPECT_THAT(login.body,
                ::testing::MatchesRegex(R"(\{"data":\{"token":"[A-Za-z0-9_.-]+"\},"message":""\})"));
    const auto claims = tokens_.claims_of(token_in(login));
    ASSERT_TRUE(claims.has_value());
    EXPECT_EQ(claims->sub, kTestId);
    EXPECT_EQ(claims->user_type, UserType::kStandard);
    EXPECT_EQ(claims->exp - claims->iat, 86'400);
}

TEST_F(Users, ALoginNeedsAKnownUserAndThePassword) {
    EXPECT_EQ(send("POST", "/user", kTestUser).status, 200);
    expect_failure(404, send("POST", "/login", login_body("nobody@test.com", "Test!23")), "unknown");
    expect_failure(400, send("POST", "/login", login_body("test@test.com", "test!23")), "wrong password");
    expect_reads_json("POST", "/login", {});
    expect_invalid("POST", "/login", {},
                   {"{}", R"({"email_address":"test@test.com"})", R"({"password":"Test!23"})",
                    R"({"email_address":"test@test.com","password":null})",
                    R"({"email_address":["test@test.com"],"password":"Test!23"})"});
}

TEST_F(Users, EveryUserSeesOnlyTheirOwnDetails) {
    const Answer made = send("POST", "/user", kTestUser);
    const std::string token = token_in(send("POST", "/login", login_body("test@test.com", "Test!23")));
    for (const char* id : {"test@test.com", "TEST@TEST.COM", "test%40test.com", kTestId}) {
        const Answer details = get(std::string("/user/") + id, token);
        EXPECT_EQ(details.status, 200) << id;
        EXPECT_EQ(details.body, made.body) << id;
    }
    EXPECT_EQ(send("POST", "/user", user_body("other@test.com", "password")).status, 200);
    const Answer others = get("/user/other@test.com", token);
    expect_failure(401, others, "another user's");
    EXPECT_EQ(field(others, "www-authenticate"), "Bearer realm=\"loadgen\"");
    expect_failure(401, get("/user/test@test.com", admin()), "an administrator is another user too");
    expect_needs_token("GET", "/user/test@test.com", {});
    expect_failure(404, get("/user/7", tokens_.of("7", UserType::kStandard)), "a user who is gone");
}

class SeededUsers : public Users {
  protected:
    SeededUsers() : Users([](runtime::Settings& settings) { settings.seed_demo = true; }) {}
};

TEST_F(SeededUsers, TheFirstAdministratorIsThere) {
    EXPECT_EQ(type_of("admin@serverless-sample.com", "Admin!23"), UserType::kAdmin);
    const std::string token =
        token_in(send("POST", "/login", login_body("admin@serverless-sample.com", "Admin!23")));
    EXPECT_EQ(
        get("/user/18309974441104998442", token).body,
        R"({"data":{"userId":"ADMIN@SERVERLESS-SAMPLE.COM","firstName":"Admin","lastName":"Serverless",)"
        R"("emailAddress":"admin@serverless-sample.com","orderCount":0},"message":""})");
}

TEST_F(Users, ElevenCompletedOrdersMakeAPremiumUser) {
    EXPECT_EQ(send("POST", "/user", kTestUser).status, 200);
    const std::string token = token_in(send("POST", "/login", login_body("test@test.com", "Test!23")));
    const auto complete = [this](int order) {
        services_.publish("orders.orderCompleted.v1", R"({"orderNumber":"o-)" + std::to_string(order) +
                                                          R"(","userId":")" + kTestId + "\"}");
    };
    const auto counts = [&](int wanted) {
        const std::string count = "\"orderCount\":" + std::to_string(wanted) + '}';
        return test::eventually(
            [&] { return get("/user/test@test.com", token).body.find(count) != std::string::npos; });
    };
    for (int order = 1; order <= 10; ++order) complete(order);
    ASSERT_TRUE(counts(10));
    EXPECT_EQ(type_of("test@test.com", "Test!23"), UserType::kStandard);
    complete(10);  // told again under another event id: the same order
    complete(11);
    ASSERT_TRUE(counts(11));
    EXPECT_EQ(type_of("test@test.com", "Test!23"), UserType::kPremium);
}

TEST_F(Users, OrdersOfNobodyAndWhatIsNoOrderBecomeDeadLetters) {
    services_.publish("orders.orderCompleted.v1", R"({"orderNumber":"o-1","userId":"7"})");
    services_.publish("orders.orderCompleted.v1", R"({"orderNumber":5})");
    EXPECT_TRUE(test::eventually(
        [this] { return services_.dead_letters("Users-OrderCompletedQueue-dev").size() == 2; }));
}

}  // namespace
}  // namespace loadgen::services::users
