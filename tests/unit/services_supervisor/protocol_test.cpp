#include "services/supervisor/protocol.hpp"

#include <gtest/gtest.h>

namespace loadgen::services::supervisor {
namespace {

TEST(ControlProtocol, ReadsWhatItWrites) {
    Request request;
    request.command = Command::kDeploy;
    request.deploy = {
        .version = "1.2.3-rc1+x", .strategy = Strategy::kRecreate, .instances = 3, .of = "orders"};
    const std::string line = write_request(request);
    EXPECT_EQ(line,
              "{\"command\":\"deploy\",\"version\":\"1.2.3-rc1+x\",\"strategy\":\"recreate\",\"instances\":3,"
              "\"of\":\"orders\"}\n");
    const auto read = parse_request(std::string_view(line).substr(0, line.size() - 1));
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(read->command, Command::kDeploy);
    EXPECT_EQ(read->deploy.version, "1.2.3-rc1+x");
    EXPECT_EQ(read->deploy.strategy, Strategy::kRecreate);
    EXPECT_EQ(read->deploy.instances, 3U);
    EXPECT_EQ(read->deploy.of, "orders");
}

TEST(ControlProtocol, RollingAndAsManyAsThereAreUnlessSaid) {
    const auto read = parse_request(R"({"version":"2","command":"deploy"})");
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(read->deploy.strategy, Strategy::kRolling);
    EXPECT_EQ(read->deploy.instances, 0U);
    EXPECT_TRUE(read->deploy.of.empty());
}

struct Wrong {
    const char* line;
    const char* message;
};
class WrongRequests : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongRequests, SayWhatIsAllowed) {
    const auto read = parse_request(GetParam().line);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, WrongRequests,
    ::testing::Values(
        Wrong{"[]", "a request must be an object, not an array"},
        Wrong{"{}", "\"command\" must be status, deploy or stop"},
        Wrong{R"({"command":"dance"})", "\"command\" must be status, deploy or stop"},
        Wrong{R"({"command":"status","of":"x"})", "\"of\" is no member of status"},
        Wrong{R"({"command":"deploy"})", "\"version\" is missing: 1 to 64 letters, digits and . _ + -"},
        Wrong{R"({"command":"deploy","version":"a b"})",
              "\"version\" is \"a b\"; it must be 1 to 64 letters, digits and . _ + -"},
        Wrong{R"({"command":"deploy","version":2})", "\"version\" must be a text, not a number"},
        Wrong{R"({"command":"deploy","version":"2","strategy":"big"})",
              "\"strategy\" is \"big\"; it must be rolling, recreate or kill"},
        Wrong{R"({"command":"deploy","version":"2","instances":0})",
              "\"instances\" must be a number from 1 to 32"},
        Wrong{R"({"command":"deploy","version":"2","instances":33})",
              "\"instances\" must be a number from 1 to 32"},
        Wrong{R"({"command":"deploy","version":"2","of":""})", "\"of\" must name a service"},
        Wrong{R"({"command":"deploy","version":"2","now":true})",
              "\"now\" is no member of deploy (version, strategy, instances, of)"}));

TEST(ControlProtocol, VersionsAreShortAndPlain) {
    EXPECT_TRUE(is_version("1.0.0"));
    EXPECT_TRUE(is_version(std::string(64, 'a')));
    EXPECT_FALSE(is_version(std::string(65, 'a')));
    for (const char* bad : {"", "a b", "a/b", "\r\n", "\xc3\xa4"}) EXPECT_FALSE(is_version(bad)) << bad;
}

}  // namespace
}  // namespace loadgen::services::supervisor
