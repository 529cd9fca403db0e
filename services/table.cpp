#include "services/table.hpp"

#include <array>

#include "services/birthday/service.hpp"

namespace loadgen::services {
namespace {

constexpr std::array kTable = {
    ServiceRow{.name = "birthday",
               .summary = "greets people and counts the days to their birthdays",
               .port_offset = 12,
               .run = birthday::run},
};

}  // namespace

std::span<const ServiceRow> service_table() {
    return kTable;
}

const ServiceRow* find_service(std::string_view name) {
    for (const ServiceRow& row : service_table()) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

}  // namespace loadgen::services
