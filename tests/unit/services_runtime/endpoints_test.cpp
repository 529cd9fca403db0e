#include "services/runtime/endpoints.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace loadgen::services::runtime {
namespace {

class EndpointClaims : public ::testing::Test {
  protected:
    ~EndpointClaims() override { std::filesystem::remove_all(folder_); }

    Result<std::unique_ptr<EndpointClaim>> take(std::string_view service, std::string_view url) {
        return EndpointClaim::take(folder_, service, url);
    }
    std::string published(std::string_view service) {
        return Endpoints(folder_, system_clock()).url_of(service).value_or("");
    }

    const std::string folder_ = ::testing::TempDir() + "claims-" + std::to_string(::getpid());
};

TEST_F(EndpointClaims, WhoServesElsewhereIsRefusedAndChangesNothing) {
    auto first = take("users", "http://127.0.0.1:8080");
    ASSERT_TRUE(first.has_value()) << first.error().message;
    const auto other = take("users", "http://127.0.0.1:9090");
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().code, ErrorCode::kIo);
    EXPECT_EQ(other.error().message,
              "the folder " + folder_ + " has this service already, at http://127.0.0.1:8080");
    EXPECT_EQ(published("users"), "http://127.0.0.1:8080");
    EXPECT_TRUE(take("orders", "http://127.0.0.1:9090").has_value());
}

TEST_F(EndpointClaims, InstancesOfOneAddressHoldItTogether) {
    auto old = take("users", "http://127.0.0.1:8080");
    auto young = take("users", "http://127.0.0.1:8080");
    ASSERT_TRUE(young.has_value());
    old->reset();  // the young one still serves
    EXPECT_FALSE(take("users", "http://127.0.0.1:9090").has_value());
    young->reset();
    EXPECT_TRUE(take("users", "http://127.0.0.1:9090").has_value());
    EXPECT_EQ(published("users"), "http://127.0.0.1:9090");
}

}  // namespace
}  // namespace loadgen::services::runtime
