#include "services/birthday/service.hpp"

#include <filesystem>

#include "services/birthday/http/routes.hpp"
#include "services/birthday/store/birthdays.hpp"
#include "services/platform/service.hpp"

namespace loadgen::services::birthday {
namespace {

Result<std::unique_ptr<store::Store>> open_store(const std::string& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) return errno_error("cannot make the folder " + folder, failure.value());
    store::StoreOptions options;
    options.path = (std::filesystem::path(folder) / "birthday.db").string();
    return store::open_sqlite_store(options, migrations());
}

}  // namespace

Result<void> run(const platform::ServiceOptions& options) {
    auto store = open_store(options.data);
    if (!store) return std::move(store).error();
    platform::ServiceParts parts;
    parts.name = "birthday";
    parts.add_routes = [&store](platform::Router& router) -> Result<void> {
        auto reader = (*store)->open_reader();
        if (!reader) return std::move(reader).error();
        add_routes(router, **store, std::move(*reader), system_clock());
        return {};
    };
    parts.close = [&store] { store->reset(); };
    return platform::run_service(options, parts);
}

}  // namespace loadgen::services::birthday
