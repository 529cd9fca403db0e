#include "services/platform/service_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace loadgen::services::platform {
namespace {

using ::testing::HasSubstr;

Result<ServiceOptions> parse(std::vector<std::string_view> arguments) {
    return parse_service_options(arguments);
}

TEST(ServiceOptions, ReadsBothForms) {
    const auto options = parse({"--host", "::1", "--port=8080", "--data", "/tmp/x", "--threads", "2",
                                "--log-level=info", "--access-log", "-", "--reuse-port"});
    ASSERT_TRUE(options.has_value()) << options.error().message;
    EXPECT_EQ(options->server.host, "::1");
    EXPECT_EQ(options->server.port, 8080);
    EXPECT_EQ(options->data, "/tmp/x");
    EXPECT_EQ(options->server.threads, 2U);
    EXPECT_EQ(options->log_level, telemetry::LogLevel::kInfo);
    EXPECT_EQ(options->access_log, "-");
    EXPECT_TRUE(options->server.reuse_port);
}

TEST(ServiceOptions, ListensOnLoopbackUnlessTold) {
    const auto options = parse({"--data", "d"});
    ASSERT_TRUE(options.has_value());
    EXPECT_EQ(options->server.host, "127.0.0.1");
    EXPECT_EQ(options->server.port, 0);
    EXPECT_FALSE(options->server.reuse_port);
    EXPECT_TRUE(options->access_log.empty());
}

struct Wrong {
    std::vector<std::string_view> arguments;
    const char* message;
};

class WrongOptions : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongOptions, SayWhatIsAllowed) {
    const auto options = parse(GetParam().arguments);
    ASSERT_FALSE(options.has_value());
    EXPECT_EQ(options.error().code, ErrorCode::kUsage);
    EXPECT_EQ(options.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, WrongOptions,
    ::testing::Values(Wrong{{}, "--data: is required: the folder of the database"},
                      Wrong{{"--data"}, "--data: needs a value: a folder"},
                      Wrong{{"--data", ""}, "--data: \"\" must be a folder"},
                      Wrong{{"--port", "65536"}, "--port: \"65536\" must be a number from 0 to 65535"},
                      Wrong{{"--port", "-1"}, "--port: \"-1\" must be a number from 0 to 65535"},
                      Wrong{{"--port=8o"}, "--port: \"8o\" must be a number from 0 to 65535"},
                      Wrong{{"--threads=0"}, "--threads: \"0\" must be a number from 1 to 256"},
                      Wrong{{"--host", "localhost"}, "--host: \"localhost\" must be an IP address"},
                      Wrong{{"--log-level", "loud"},
                            "--log-level: \"loud\" must be debug, info, warn or error"},
                      Wrong{{"--reuse-port=yes"}, "--reuse-port: takes no value"},
                      Wrong{{"-p", "1"}, "-p: no such option; --help lists them"},
                      Wrong{{"data"}, "data: no such option; --help lists them"}));

TEST(ServiceOptions, HelpListsEveryOption) {
    const std::string help = service_options_help();
    for (const char* name : {"--host IP", "--port N", "--data DIR", "--threads N", "--log-level LEVEL",
                             "--access-log FILE", "--reuse-port", "--help"}) {
        EXPECT_THAT(help, HasSubstr(name));
    }
}

}  // namespace
}  // namespace loadgen::services::platform
