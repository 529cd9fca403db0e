// What loyalty makes of events, and what it tells of changed points.
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "services/loyalty/service.hpp"
#include "services/loyalty/store/accounts.hpp"
#include "services/store/query.hpp"
#include "tests/unit/services_loyalty/running_services.hpp"

namespace loadgen::services::loyalty {
namespace {

using contracts::Event;
using test::eventually;

std::vector<std::string> told(const std::vector<Event>& events, std::string_view type) {
    std::vector<std::string> data;
    for (const Event& event : events) {
        if (event.type == type) data.push_back(event.data);
    }
    return data;
}

void register_user(test::RunningServices& services) {
    services.publish("users.userCreated.v1", R"({"userId":"7"})");
}
void complete_order(test::RunningServices& services, const std::string& order) {
    services.publish("orders.orderCompleted.v1", R"({"orderNumber":")" + order + R"(","userId":"7"})");
}

TEST(PointsFeed, TellsEveryChangeInBothVersions) {
    const test::Folder folder;
    test::RunningServices services(folder, {&kLoyalty});
    services.listen({"loyalty.pointsAdded.v1", "loyalty.pointsAdded.v2"});
    const auto heard = [&](std::size_t count) {
        return eventually([&] { return services.heard().size() >= count; });
    };
    register_user(services);
    ASSERT_TRUE(heard(2));
    complete_order(services, "o-1");
    ASSERT_TRUE(heard(4));
    complete_order(services, "o-1");  // another event of the same order
    EXPECT_EQ(services.ask("loyalty", "POST", "/loyalty", R"({"points":30})", services.token_of("7")).status,
              201);
    ASSERT_TRUE(heard(6));
    complete_order(services, "o-2");
    ASSERT_TRUE(heard(8));

    const std::vector<Event> events = services.heard();
    ASSERT_EQ(events.size(), 8U);
    EXPECT_EQ(told(events, "loyalty.pointsAdded.v1"),
              (std::vector<std::string>{
                  R"({"userId":"7","newPointsTotal":100})", R"({"userId":"7","newPointsTotal":150})",
                  R"({"userId":"7","newPointsTotal":120})", R"({"userId":"7","newPointsTotal":170})"}));
    EXPECT_EQ(told(events, "loyalty.pointsAdded.v2"),
              (std::vector<std::string>{R"({"userId":"7","totalPoints":100,"difference":100})",
                                        R"({"userId":"7","totalPoints":150,"difference":50})",
                                        R"({"userId":"7","totalPoints":120,"difference":-30})",
                                        R"({"userId":"7","totalPoints":170,"difference":50})"}));
    std::set<std::string> ids;
    for (const Event& event : events) {
        ids.insert(event.id);
        EXPECT_EQ(event.source, "dev.loyalty");
    }
    EXPECT_EQ(ids.size(), 8U);
    EXPECT_EQ(events[0].type, "loyalty.pointsAdded.v1");
    EXPECT_EQ(events[0].deprecation_date, "2025-12-31");
    EXPECT_EQ(events[0].superseded_by, "loyalty.pointsAdded.v2");
}

TEST(PointsFeed, TellsOfManyAtOnceOnceEach) {
    const test::Folder folder;
    test::RunningServices services(folder, {&kLoyalty});
    services.listen({"loyalty.pointsAdded.v2"});
    constexpr int kOrders = 40;
    for (int i = 0; i < kOrders; ++i) complete_order(services, "o-" + std::to_string(i));
    ASSERT_TRUE(eventually([&] { return services.heard().size() >= kOrders; }));
    const std::vector<Event> events = services.heard();
    ASSERT_EQ(events.size(), std::size_t{kOrders});
    for (std::size_t i = 0; i < events.size(); ++i) {
        EXPECT_EQ(events[i].data,
                  R"({"userId":"7","totalPoints":)" + std::to_string(50 * (i + 1)) + R"(,"difference":50})");
    }
}

/// The database of a loyalty service that does not run.
class Database {
  public:
    explicit Database(const test::Folder& folder) {
        store::StoreOptions options;
        options.path = folder.file("loyalty.db");
        auto opened = store::open_sqlite_store(options, kLoyalty.migrations);
        EXPECT_TRUE(opened.has_value());
        if (opened) store_ = std::move(*opened);
    }
    void run(const std::string& sql) {
        std::promise<bool> done;
        store_->write([&](store::Statements& tables) { return tables.run(sql); },
                      [&](const Result<void>& outcome) { done.set_value(outcome.has_value()); });
        EXPECT_TRUE(done.get_future().get()) << sql;
    }
    std::string text(std::string_view sql) {
        auto reader = store_->open_reader();
        const auto found = store::find_one(**reader, sql, {},
                                           [](const store::Row& row) { return std::string(row.text(0)); });
        return found && *found ? **found : "nothing";
    }

  private:
    std::unique_ptr<store::Store> store_;
};

/// What listen() makes, made before anybody can tell anything: the bus keeps no event that no queue wants.
void make_ear(const test::Folder& folder) {
    auto bus = bus::open_embedded_bus({.folder = folder.path()});
    ASSERT_TRUE(bus.has_value()) << bus.error().message;
    const bus::QueueSettings ear{.name = "test-ear",
                                 .rules = {{.types = {"loyalty.pointsAdded.v2"}, .sources = {}}}};
    ASSERT_TRUE((*bus)->declare(ear).has_value());
}

TEST(PointsFeed, TellsWhatAProcessThatDiedDidNot) {
    const test::Folder folder;
    make_ear(folder);
    Database(folder).run("INSERT INTO accounts VALUES ('7', 100, 1, 0)");
    {
        test::RunningServices services(folder, {&kLoyalty});
        services.listen({"loyalty.pointsAdded.v2"});
        ASSERT_TRUE(eventually([&] { return !services.heard().empty(); }));
        EXPECT_EQ(services.heard()[0].data, R"({"userId":"7","totalPoints":100,"difference":100})");
    }
    // Read, told and trimmed.
    EXPECT_EQ(Database(folder).text("SELECT count(*) FROM store_changes"), "0");
}

TEST(PointsFeed, GivesUpAChangeThatCannotBeToldAndGoesOn) {
    const test::Folder folder;
    make_ear(folder);
    {
        Database database(folder);
        database.run("INSERT INTO accounts VALUES ('7', 100, 1, 0)");
        database.run(
            "INSERT INTO store_changes (table_name, operation, key, old_image, new_image)"
            " VALUES ('accounts', 'update', '7', '{}', '{\"user_id\":\"7\"}')");
        database.run("UPDATE accounts SET points = 110");
    }
    {
        test::RunningServices services(folder, {&kLoyalty});
        services.listen({"loyalty.pointsAdded.v2"});
        ASSERT_TRUE(eventually([&] { return services.heard().size() >= 2; }));
        EXPECT_EQ(services.heard()[0].data, R"({"userId":"7","totalPoints":100,"difference":100})");
        EXPECT_EQ(services.heard()[1].data, R"({"userId":"7","totalPoints":110,"difference":10})");
    }
    Database database(folder);
    EXPECT_EQ(database.text("SELECT key || ' ' || old_image || ' ' || new_image FROM failed_changes"),
              "7 {} {\"user_id\":\"7\"}");
    EXPECT_EQ(database.text("SELECT error FROM failed_changes"),
              "new image: event data: \"points\" must be an integer");
}

TEST(LoyaltyConsumers, WhatCannotBeReadGoesToTheDeadLetters) {
    const test::Folder folder;
    test::RunningServices services(folder, {&kLoyalty});
    services.publish("users.userCreated.v1", R"({"user":"7"})");
    EXPECT_TRUE(eventually([&] { return services.dead_letters("UserCreated-dev").size() == 1; }));
}

}  // namespace
}  // namespace loadgen::services::loyalty
