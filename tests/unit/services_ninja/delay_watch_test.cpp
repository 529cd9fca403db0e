// From slow creates to the alarm's event in the outbox.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>

#include "services/ninja/orders/events/delay_watch.hpp"
#include "services/ninja/orders/store/orders.hpp"
#include "services/runtime/messaging/outbox.hpp"
#include "tests/unit/services_ninja/support.hpp"

namespace loadgen::services::ninja::orders {
namespace {

using ::testing::HasSubstr;

class NoSink final : public telemetry::LogSink {
  public:
    void write_line(std::string_view /*line*/) override {}
};

/// A service on a real store whose time and background loop the test turns. The store may refuse changes.
class HandTurned final : public runtime::ServiceContext {
  public:
    explicit HandTurned(const std::string& folder) {
        settings_.data = folder;
        EXPECT_TRUE(
            tables_.write([](store::Statements& tables) { return tables.run(runtime::kOutboxSchema); })
                .has_value());
    }
    const runtime::Settings& settings() const override { return settings_; }
    const Clock& clock() const override { return clock_; }
    const telemetry::Logger& logger() const override { return logger_; }
    void transact(std::string_view /*span_name*/, const telemetry::SpanContext& /*parent*/,
                  std::function<Result<void>(runtime::Transaction&)> work,
                  std::function<void(Result<void>)> done) override {
        if (refused > 0) {
            --refused;
            return done(Error{ErrorCode::kLimit, "store: busy"});
        }
        done(tables_.transact(clock_, work));
    }
    void after(Nanos /*wait*/, std::function<void()> task) override { tasks_.push_back(std::move(task)); }
    void run_tasks() {
        for (; !tasks_.empty(); tasks_.pop_front()) tasks_.front()();
    }
    // The watch needs none of these.
    const telemetry::Tracer& tracer() const override { std::abort(); }
    telemetry::Meter& meter() const override { std::abort(); }
    store::Store& store() const override { std::abort(); }
    runtime::Peers& peers() const override { std::abort(); }
    const platform::auth::TokenKeys& tokens() const override { std::abort(); }
    platform::auth::PasswordPool& passwords() const override { std::abort(); }
    bool draining() const override { return false; }
    void transact(const platform::CallPtr& /*call*/, runtime::StoreOperation /*operation*/,
                  Work /*work*/) override {
        std::abort();
    }

    /// Types and data of the events that wait, one a line.
    std::string outbox() {
        std::string all;
        auto done = tables_.reader().run("SELECT type, data FROM outbox", {}, [&all](const store::Row& row) {
            all.append(row.text(0)).append(" ").append(row.text(1)).append("\n");
        });
        EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().message);
        return all;
    }

    test::ManualClock clock_;
    int refused = 0;

  private:
    runtime::Settings settings_;
    NoSink sink_;
    const telemetry::Logger logger_{sink_, telemetry::LogLevel::kError};
    test::Tables tables_{migrations()};
    std::deque<std::function<void()>> tasks_;
};

class Watch : public ::testing::Test {
  protected:
    void next_minute() {
        context_.clock_.advance(std::chrono::minutes(1));
        watch_.judge();
    }

    test::Folder folder_;
    HandTurned context_{folder_.path()};
    ConfigurationSource source_{folder_.path(), context_.clock()};
    DelayWatch watch_{context_, source_};
};

TEST_F(Watch, AMinuteWithASlowCreateIsTold) {
    watch_.record(std::chrono::milliseconds(4'999));
    watch_.judge();
    next_minute();
    EXPECT_EQ(context_.outbox(), "");
    watch_.record(std::chrono::milliseconds(6'500));
    next_minute();
    // The clock began at 2023-11-14T22:13:21Z.
    EXPECT_EQ(context_.outbox(),
              "ninja.orderCreateDelayed.v1 "
              R"({"maximumMs":6500,"thresholdMs":5000,"periodStart":"2023-11-14T22:14:00.000Z"})"
              "\n");
    next_minute();
    EXPECT_EQ(context_.outbox().find('\n') + 1, context_.outbox().size()) << "told once";
}

TEST_F(Watch, TheThresholdIsConfigured) {
    folder_.put("my_conf.json", R"({"countries":["USA"],"alarms":{"delayed_order_create_ms":20}})");
    watch_.record(std::chrono::milliseconds(20));
    next_minute();
    EXPECT_THAT(context_.outbox(), HasSubstr(R"("maximumMs":20,"thresholdMs":20)"));
}

TEST_F(Watch, ADocumentThatBrokeLeavesTheThresholdAsItWas) {
    folder_.put("my_conf.json", R"({"countries":["USA"],"alarms":{"delayed_order_create_ms":20}})");
    watch_.judge();
    folder_.put("my_conf.json", "{");
    context_.clock_.advance(std::chrono::minutes(10));
    watch_.record(std::chrono::milliseconds(20));
    next_minute();
    EXPECT_THAT(context_.outbox(), HasSubstr(R"("thresholdMs":20)"));
}

TEST_F(Watch, AStoreThatIsBusyDelaysTheAlarmOnly) {
    context_.refused = 3;
    watch_.record(std::chrono::seconds(6));
    next_minute();
    EXPECT_EQ(context_.outbox(), "");
    context_.run_tasks();
    EXPECT_THAT(context_.outbox(), HasSubstr(R"("maximumMs":6000)"));
}

}  // namespace
}  // namespace loadgen::services::ninja::orders
