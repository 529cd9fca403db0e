#include "services/table.hpp"

#include <vector>

#include "services/activity/service.hpp"
#include "services/birthday/service.hpp"
#include "services/grocery/elastic/service.hpp"
#include "services/grocery/lists/service.hpp"
#include "services/grocery/stats/service.hpp"
#include "services/grocery/users/service.hpp"
#include "services/inventory/service.hpp"
#include "services/loyalty/service.hpp"
#include "services/ninja/notification/service.hpp"
#include "services/ninja/orders/service.hpp"
#include "services/ninja/users/service.hpp"
#include "services/orders/service.hpp"
#include "services/pricing/service.hpp"
#include "services/products/service.hpp"
#include "services/search/service.hpp"
#include "services/users/service.hpp"

namespace loadgen::services {
namespace {

ServiceRow hosted(std::uint16_t port_offset, const runtime::ServiceType& type,
                  Result<void> (*run)(const platform::ServiceOptions&) = nullptr) {
    return {
        .name = type.name, .summary = type.summary, .port_offset = port_offset, .type = &type, .run = run};
}

}  // namespace

std::span<const ServiceRow> service_table() {
    static const std::vector<ServiceRow> kTable = {
        hosted(0, users::kUsers),
        hosted(1, products::kProducts),
        hosted(2, inventory::kInventory),
        hosted(3, orders::kOrders),
        hosted(4, loyalty::kLoyalty),
        hosted(5, pricing::kPricing),
        hosted(6, activity::kActivity),
        hosted(7, search::kSearch),
        hosted(8, grocery::elastic::kElastic),
        hosted(9, grocery::users::kUsers),
        hosted(10, grocery::lists::kLists),
        hosted(11, grocery::stats::kStats),
        hosted(12, birthday::kBirthday, birthday::run),
        hosted(13, ninja::kNinjaOrders),
        hosted(14, ninja::kNinjaUsers),
        hosted(15, ninja::kNinjaNotification),
    };
    return kTable;
}

const ServiceRow* find_service(std::string_view name) {
    for (const ServiceRow& row : service_table()) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

}  // namespace loadgen::services
