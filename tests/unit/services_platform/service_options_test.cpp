#include "services/platform/service_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace loadgen::services::platform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

/// Options and what was read into them.
struct Read {
    ServiceOptions options;
    Result<Arguments> arguments = Arguments{};
};

std::vector<OptionGroup> all_groups(ServiceOptions& options) {
    std::vector<OptionGroup> groups = serving_options(options);
    groups.push_back(listen_options(options));
    return groups;
}

Read parse(std::vector<std::string_view> arguments) {
    Read read;
    read.arguments = parse_options(all_groups(read.options), arguments);
    return read;
}

TEST(ServiceOptions, ReadsBothForms) {
    const Read read =
        parse({"--host", "::1", "--port=8080", "--threads", "2", "--log-level=info", "--access-log", "-",
               "--reuse-port", "--idle-timeout=90s", "--max-connections", "7"});
    ASSERT_TRUE(read.arguments.has_value()) << read.arguments.error().message;
    EXPECT_EQ(read.options.server.host, "::1");
    EXPECT_EQ(read.options.server.port, 8080);
    EXPECT_EQ(read.options.server.threads, 2U);
    EXPECT_EQ(read.options.log_level, telemetry::LogLevel::kInfo);
    EXPECT_EQ(read.options.access_log, "-");
    EXPECT_TRUE(read.options.server.reuse_port);
    EXPECT_EQ(read.options.server.idle_timeout, std::chrono::seconds(90));
    EXPECT_EQ(read.options.server.max_connections, 7U);
}

TEST(ServiceOptions, ListensOnLoopbackUnlessTold) {
    const Read read = parse({});
    ASSERT_TRUE(read.arguments.has_value());
    EXPECT_EQ(read.options.server.host, "127.0.0.1");
    EXPECT_EQ(read.options.server.port, 0);
    EXPECT_FALSE(read.options.server.reuse_port);
    EXPECT_TRUE(read.options.access_log.empty());
}

TEST(ServiceOptions, WordsAndOptionsMix) {
    const Read read = parse({"orders", "--port", "1", "users", "--", "--port"});
    ASSERT_TRUE(read.arguments.has_value());
    EXPECT_THAT(read.arguments->words, ElementsAre("orders", "users", "--port"));
    EXPECT_THAT(read.arguments->given, ElementsAre(Pair("--port", "1")));
    EXPECT_FALSE(read.arguments->help);
}

TEST(ServiceOptions, HelpEndsReading) {
    const Read read = parse({"--help", "--no-such-option"});
    ASSERT_TRUE(read.arguments.has_value());
    EXPECT_TRUE(read.arguments->help);
}

struct Wrong {
    std::vector<std::string_view> arguments;
    const char* message;
};

class WrongOptions : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongOptions, SayWhatIsAllowed) {
    const Read read = parse(GetParam().arguments);
    ASSERT_FALSE(read.arguments.has_value());
    EXPECT_EQ(read.arguments.error().code, ErrorCode::kUsage);
    EXPECT_EQ(read.arguments.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, WrongOptions,
    ::testing::Values(
        Wrong{{"--access-log"}, "--access-log: needs a value: a file, or - for stderr"},
        Wrong{{"--access-log", ""}, "--access-log: \"\" must be a file, or - for stderr"},
        Wrong{{"--port", "65536"}, "--port: \"65536\" must be a number from 0 to 65535"},
        Wrong{{"--port", "-1"}, "--port: \"-1\" must be a number from 0 to 65535"},
        Wrong{{"--port=8o"}, "--port: \"8o\" must be a number from 0 to 65535"},
        Wrong{{"--threads=0"}, "--threads: \"0\" must be a number from 1 to 256"},
        Wrong{{"--drain-grace", "10"}, "--drain-grace: \"10\" must be a time from 1ms to 24h0m0s"},
        Wrong{{"--host", "localhost"}, "--host: \"localhost\" must be an IP address"},
        Wrong{{"--log-level", "loud"}, "--log-level: \"loud\" must be debug, info, warn or error"},
        Wrong{{"--reuse-port=yes"}, "--reuse-port: takes no value"},
        Wrong{{"-p", "1"}, "-p: no such option; --help lists them"}));

TEST(ServiceOptions, HelpListsEveryOption) {
    ServiceOptions options;
    const std::string help = options_help(all_groups(options));
    for (const char* name : {"--host IP", "--port N", "--threads N", "--log-level LEVEL", "--access-log FILE",
                             "--reuse-port", "--idle-timeout TIME", "--drain-grace TIME"}) {
        EXPECT_THAT(help, HasSubstr(name));
    }
}

TEST(ServiceOptions, SwitchesAndDecimals) {
    bool on = false;
    double share = 0;
    const std::vector<OptionGroup> groups = {
        {"T", {{"--on", into_switch(on), "x"}, {"--share", into_decimal(share, 0, 1), "x"}}}};
    const auto parsed = [&groups](std::vector<std::string_view> words) {
        return parse_options(groups, words);
    };
    ASSERT_TRUE(parsed({"--on=on", "--share", "0.25"}).has_value());
    EXPECT_TRUE(on);
    EXPECT_EQ(share, 0.25);
    EXPECT_EQ(parsed({"--on=yes"}).error().message, "--on: \"yes\" must be on or off");
    for (const std::string_view bad : {"1.5", "-0.1", "nan", "inf", "0.1x", ""}) {
        EXPECT_EQ(parsed({"--share", bad}).error().message,
                  "--share: \"" + std::string(bad) + "\" must be a number from 0 to 1");
    }
}

}  // namespace
}  // namespace loadgen::services::platform
