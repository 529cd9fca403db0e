// What every test of a shop service needs: the service in a host of its own, requests to it, and the rules
// that all protected routes and all routes with a body keep.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/services_loyalty/running_services.hpp"

namespace loadgen::services::shop_test {

using Answer = fetch::FetchResponse;
using platform::auth::UserType;

/// A field of an answer; empty when it is not there.
std::string field(const Answer& answer, std::string_view name);

/// How a service words what went wrong, as POSIX extended expressions.
struct Shape {
    const char* failure;
    const char* unauthorized;
};
inline constexpr Shape kUsersShape{"", ""};
inline constexpr Shape kProductsShape{R"(\{"data":"[^"]*","message":"[^"]+"\})", "Unauthorized"};
inline constexpr Shape kInventoryShape{
    R"(\{"data":(null|"Not found"),"message":\[("[^"]+",?)+\],"success":false\})", ""};
inline constexpr Shape kPricingShape{R"(\{"message":"[^"]+"\})", R"(\{"message":"[^"]+"\})"};
inline constexpr Shape kActivityShape{R"(\{"error":"[^"]+"\})", R"(\{"error":"[^"]+"\})"};

/// Signs as the users service of the folder does, and as others try to.
class Tokens {
  public:
    explicit Tokens(const test::Folder& folder);
    std::string of(std::string user_id, UserType type) const;
    std::string expired() const;  ///< an administrator's, an hour ago
    /// Everything that must not open a door: no JWT at all, forged, expired, another secret's, unsigned.
    std::vector<std::string> bad() const;

    Result<platform::auth::Claims> claims_of(const std::string& token) const;

  private:
    std::string sign(std::string user_id, UserType type, WallTime when) const;

    std::optional<platform::auth::TokenKeys> keys_;
};

class ShopTest : public ::testing::Test {
  protected:
    using Change = std::function<void(runtime::Settings&)>;
    ShopTest(const runtime::ServiceType& type, const Shape& shape, const Change& change = nullptr)
        : shape_(shape), service_(type.name), services_(folder_, {&type}, change) {}

    Answer send(const std::string& method, const std::string& path, const std::string& body = {},
                const std::string& token = {}, http::Headers headers = {});
    Answer get(const std::string& path, const std::string& token = {}) {
        return send("GET", path, {}, token);
    }
    std::string admin() const { return tokens_.of("1", UserType::kAdmin); }

    /// The status, and a body in the service's words.
    void expect_failure(int status, const Answer& answer, const std::string& what) const;
    /// Without a token and with each bad one: 401 and a challenge (RFC 9110 section 11.6.1).
    void expect_needs_token(const std::string& method, const std::string& path, const std::string& body);
    /// 403 for users who are no administrators.
    void expect_needs_admin(const std::string& method, const std::string& path, const std::string& body);
    /// Empty, malformed and oversize bodies, other kinds than objects, encoded ones.
    void expect_reads_json(const std::string& method, const std::string& path, const std::string& token);
    /// Each of `bodies` is answered 400.
    void expect_invalid(const std::string& method, const std::string& path, const std::string& token,
                        const std::vector<std::string>& bodies);

    const Shape shape_;
    const std::string service_;
    const test::Folder folder_;
    test::RunningServices services_;
    const Tokens tokens_{folder_};
};

}  // namespace loadgen::services::shop_test
