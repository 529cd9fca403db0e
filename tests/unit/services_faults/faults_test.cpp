#include "services/runtime/faults/faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "services/runtime/faults/fault_rules.hpp"
#include "services/runtime/faults/trace_defects.hpp"

namespace loadgen::services::runtime {
namespace {

using ::testing::HasSubstr;

class KeptLog final : public telemetry::LogSink {
  public:
    void write_line(std::string_view line) override { text += line; }
    std::string text;
};

class WatchedSwitches : public ::testing::Test {
  protected:
    WatchedSwitches() { std::filesystem::create_directories(folder_); }
    ~WatchedSwitches() override { std::filesystem::remove_all(folder_); }
    void set(const std::vector<FaultRule>& rules) {
        ASSERT_TRUE(write_fault_file(folder_, rules).has_value());
    }

    const std::string folder_ = ::testing::TempDir() + "faults-" + std::to_string(::getpid());
    KeptLog log_;
    telemetry::Logger logger_{log_, telemetry::LogLevel::kWarn};
};

TEST_F(WatchedSwitches, FollowTheFileAndSaySo) {
    const auto faults = watch_faults(folder_, 1, &logger_);
    EXPECT_FALSE(faults->active());
    EXPECT_FALSE(faults->for_route("orders", "POST /orders").any());
    set({{.id = 1, .service = "orders", .route = "POST /orders", .error_status = 503}});
    faults->refresh();
    EXPECT_TRUE(faults->active());
    EXPECT_EQ(faults->for_route("orders", "POST /orders").error_status, 503);
    EXPECT_FALSE(faults->for_route("users", "POST /orders").any());
    EXPECT_THAT(log_.text, HasSubstr("FAULTS ON PURPOSE are switched on"));
    EXPECT_THAT(log_.text, HasSubstr("orders POST /orders: 100 % fail with 503"));
    set({});
    faults->refresh();
    EXPECT_FALSE(faults->active());
    EXPECT_FALSE(faults->for_route("orders", "POST /orders").any());
    EXPECT_THAT(log_.text, HasSubstr("FAULTS ON PURPOSE are switched off"));
}

TEST_F(WatchedSwitches, ABadFileChangesNothing) {
    set({{.id = 1, .consumer = "*", .duplicate = true}});
    const auto faults = watch_faults(folder_, 1, &logger_);
    std::ofstream(faults_path(folder_)) << R"({"faults":[{"route":"*"}]})";
    faults->refresh();
    EXPECT_TRUE(faults->for_consumer("loyalty", "X-dev").duplicate);
    EXPECT_THAT(log_.text, HasSubstr("the switches stay as they were"));
}

TEST_F(WatchedSwitches, SharesAreKeptAndTheSameSeedDecidesTheSame) {
    set({{.id = 1, .route = "*", .share = 0.25, .drop = true}});
    const auto first = watch_faults(folder_, 7);
    const auto second = watch_faults(folder_, 7);
    constexpr int kTries = 20'000;
    int dropped = 0;
    for (int i = 0; i < kTries; ++i) {
        const bool drop = first->for_route("a", "GET /").drop;
        dropped += drop ? 1 : 0;
        ASSERT_EQ(second->for_route("a", "GET /").drop, drop);
    }
    // Five standard deviations of a binomial with n = 20000, p = 0.25.
    EXPECT_NEAR(dropped, kTries / 4, 306);
}

TEST_F(WatchedSwitches, AThrottleRefusesRequestsAndDelaysEvents) {
    set({{.id = 1, .route = "*", .max_per_second = 0.001},
         {.id = 2, .consumer = "*", .max_per_second = 0.001}});
    const auto faults = watch_faults(folder_, 1);
    EXPECT_FALSE(faults->for_route("a", "GET /").any());
    EXPECT_EQ(faults->for_route("a", "GET /").error_status, 429);
    EXPECT_FALSE(faults->for_consumer("a", "q").any());
    // The second waits for one token, the third for two: 1000 s each, less what the test has taken.
    EXPECT_GT(faults->for_consumer("a", "q").delay, std::chrono::seconds(900));
    EXPECT_GT(faults->for_consumer("a", "q").delay, std::chrono::seconds(1900));
}

TEST_F(WatchedSwitches, TraceDefectsAreAskedForByPlace) {
    set({{.id = 1, .service = "orders", .defect = "I-ZERO"},
         {.id = 2, .service = "users", .defect = "L-MISSING"}});
    const auto faults = watch_faults(folder_, 1);
    EXPECT_EQ(faults->trace_defect("orders", DefectPlace::kEvent), TraceDefect::kCarrierZero);
    EXPECT_EQ(faults->trace_defect("orders", DefectPlace::kSpan), TraceDefect::kZeroId);
    EXPECT_EQ(faults->trace_defect("users", DefectPlace::kEvent), std::nullopt);
    EXPECT_EQ(faults->trace_defect("users", DefectPlace::kSpan), TraceDefect::kLinkMissing);
    EXPECT_EQ(faults->trace_defect("pricing", DefectPlace::kSpan), std::nullopt);
}

}  // namespace
}  // namespace loadgen::services::runtime
