// The rules and the table of users.
#include "services/users/store/users.hpp"
#include "services/platform/auth/user_id.hpp"
#include "services/users/events/payloads.hpp"
#include "tests/unit/services_shop/tables.hpp"

namespace loadgen::services::users {
namespace {

using platform::auth::UserType;

TEST(Email, HasOneAtSignInside) {
    for (const char* good : {"a@b", "test@test.com", "Zoë@example.com"}) EXPECT_TRUE(is_email(good)) << good;
    for (const char* bad : {"", "@", "a@", "@b", "ab", "a@b@c", "no address"})
        EXPECT_FALSE(is_email(bad)) << bad;
    EXPECT_TRUE(is_email(std::string(252, 'x') + "@y"));
    EXPECT_FALSE(is_email(std::string(253, 'x') + "@y"));
}

TEST(UserId, IsTheUpperCasedAddressAndItsHash) {
    EXPECT_EQ(shown_id("Test@test.com"), "TEST@TEST.COM");
    // Vectors of the original library.
    EXPECT_EQ(platform::auth::user_id_of("test@Test.com"), "15684379648573481564");
    EXPECT_EQ(platform::auth::user_id_of("admin@serverless-sample.com"), "18309974441104998442");
    EXPECT_EQ(platform::auth::user_id_of("USER@EXAMPLE.COM"), "2690990198362561843");
    EXPECT_EQ(platform::auth::user_id_of("15684379648573481564"), "15684379648573481564");
}

TEST(Promotion, ComesWithTheEleventhOrderAndNeverDemotes) {
    EXPECT_EQ(type_after_orders(UserType::kStandard, 10), UserType::kStandard);
    EXPECT_EQ(type_after_orders(UserType::kStandard, 11), UserType::kPremium);
    EXPECT_EQ(type_after_orders(UserType::kPremium, 1), UserType::kPremium);
    EXPECT_EQ(type_after_orders(UserType::kAdmin, 11), UserType::kAdmin);
}

TEST(UserPayloads, NameUsersByTheirHash) {
    EXPECT_EQ(user_created("7"), R"({"userId":"7"})");
    const auto order = read_completed_order(R"({"orderNumber":"o-1","userId":"7","more":1})");
    ASSERT_TRUE(order.has_value());
    EXPECT_EQ(order->order_number, "o-1");
    EXPECT_EQ(order->user_id, "7");
    for (const char* bad : {"", "[]", "{}", R"({"orderNumber":"o-1"})", R"({"orderNumber":"","userId":"7"})",
                            R"({"orderNumber":"o-1","userId":7})"}) {
        EXPECT_FALSE(read_completed_order(bad).has_value()) << bad;
    }
}

class UserTable : public shop_test::TablesTest {
  protected:
    UserTable() : TablesTest(migrations()) {}

    bool insert(const User& user) {
        bool added = false;
        EXPECT_TRUE(change([&](store::Statements& tables) -> Result<void> {
                        auto done = insert_user(tables, user, 5);
                        added = done.value_or(false);
                        if (!done) return std::move(done).error();
                        return {};
                    }).has_value());
        return added;
    }
    bool count(std::string_view id) {
        bool counted = false;
        EXPECT_TRUE(change([&](store::Statements& tables) -> Result<void> {
                        auto done = count_order(tables, id, 6);
                        counted = done.value_or(false);
                        if (!done) return std::move(done).error();
                        return {};
                    }).has_value());
        return counted;
    }
    std::optional<User> find(std::string_view id) {
        return find_user(reader(), id).value_or(std::optional<User>());
    }
    static User user(UserType type = UserType::kStandard) {
        User made;
        made.id = "7";
        made.email = "Test@test.com";
        made.first_name = "Zoë";
        made.last_name = "O'Hara";
        made.password_hash = "$argon2id$x";
        made.type = type;
        return made;
    }
};

TEST_F(UserTable, KeepsWhatItIsGiven) {
    EXPECT_FALSE(find("7").has_value());
    EXPECT_TRUE(insert(user()));
    const auto stored = find("7");
    ASSERT_TRUE(stored.has_value());
    EXPECT_EQ(stored->email, "Test@test.com");
    EXPECT_EQ(stored->first_name, "Zoë");
    EXPECT_EQ(stored->last_name, "O'Hara");
    EXPECT_EQ(stored->password_hash, "$argon2id$x");
    EXPECT_EQ(stored->type, UserType::kStandard);
    EXPECT_EQ(stored->order_count, 0);
}

TEST_F(UserTable, ATakenIdStaysWhoseItIs) {
    EXPECT_TRUE(insert(user()));
    User other = user(UserType::kAdmin);
    other.email = "other@with.the.same.hash";
    EXPECT_FALSE(insert(other));
    EXPECT_EQ(find("7")->email, "Test@test.com");
    EXPECT_EQ(find("7")->type, UserType::kStandard);
}

TEST_F(UserTable, CountsOrdersAndPromotes) {
    EXPECT_FALSE(count("7"));
    EXPECT_TRUE(insert(user()));
    for (int order = 0; order < 10; ++order) EXPECT_TRUE(count("7"));
    EXPECT_EQ(find("7")->type, UserType::kStandard);
    EXPECT_TRUE(count("7"));
    EXPECT_EQ(find("7")->type, UserType::kPremium);
    EXPECT_EQ(find("7")->order_count, 11);
}

TEST_F(UserTable, AdministratorsStayAdministrators) {
    EXPECT_TRUE(insert(user(UserType::kAdmin)));
    for (int order = 0; order < 11; ++order) EXPECT_TRUE(count("7"));
    EXPECT_EQ(find("7")->type, UserType::kAdmin);
}

}  // namespace
}  // namespace loadgen::services::users
