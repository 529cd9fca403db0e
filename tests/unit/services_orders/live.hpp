// The orders service as it runs, with the test in the place of its users and of the inventory.
#pragma once

#include "tests/unit/services_loyalty/running_services.hpp"

namespace loadgen::services::orders::test {

using platform::auth::UserType;

/// The value at `path` ("items.0.orderId") as text: strings as they are, null as "null"; "(none)" when
/// absent.
std::string member(const std::string& json, std::string_view path);
std::string field(const fetch::FetchResponse& response, std::string_view name);

class LiveOrders : public ::testing::Test {
  protected:
    using Change = std::function<void(runtime::Settings&)>;
    LiveOrders() : LiveOrders(nullptr) {}
    /// Timeouts are those of the contract, unless `change` says otherwise.
    explicit LiveOrders(const Change& change);

    fetch::FetchResponse ask(std::string method, std::string_view path, std::string body = {},
                             std::string_view token = {}) {
        return services_.ask("orders", std::move(method), path, std::move(body), token);
    }
    std::string token(std::string user, UserType type = UserType::kStandard) {
        return services_.token_of(std::move(user), type);
    }
    /// The id of a new order of one product.
    std::string order(const std::string& user, const std::string& product = "LATTE");
    std::string status(const std::string& user, const std::string& order_id);
    bool becomes(const std::string& user, const std::string& order_id, const std::string& wanted);
    fetch::FetchResponse complete(const std::string& order_id, const std::string& user);

    /// Events of a type about an order that the service has told, oldest first.
    std::vector<contracts::Event> told(std::string_view type, const std::string& order_id) const;
    /// Waits for the n-th question about an order.
    contracts::Event question(const std::string& order_id, std::size_t n = 1);
    /// Answers as the inventory does.
    void reply(const std::string& order_id, const std::string& conversation_id, bool reserved = true);
    /// An order that the inventory has confirmed.
    std::string confirmed_order(const std::string& user);
    /// Runs a change on the service's database, as an accident would.
    void meddle(const std::string& sql);
    std::string look_up(const std::string& sql);

    loadgen::services::test::Folder folder_;
    loadgen::services::test::RunningServices services_;
};

inline constexpr std::string_view kOneProduct = R"({"products":["LATTE"]})";

}  // namespace loadgen::services::orders::test
