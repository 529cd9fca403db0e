#include "services/birthday/service.hpp"

#include <filesystem>
#include <vector>

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
    options.turn_file = options.path + ".turn";  // while one instance replaces another both write
    return store::open_sqlite_store(options, migrations());
}

class Greeter final : public runtime::Service {
  public:
    explicit Greeter(runtime::ServiceContext& context) : context_(context) {}
    void add_routes(platform::Router& router, runtime::RouteTools& tools) override {
        birthday::add_routes(router, context_.store(), tools.reader, context_.clock());
    }

  private:
    runtime::ServiceContext& context_;
};

std::unique_ptr<runtime::Service> make(runtime::ServiceContext& context) {
    return std::make_unique<Greeter>(context);
}

}  // namespace

const runtime::ServiceType kBirthday = {.name = "birthday",
                                        .title = "BirthdayService",
                                        .domain = "birthday",
                                        .summary = "greets people and counts the days to their birthdays",
                                        .migrations = migrations(),
                                        .error_shape = platform::error_shapes::birthday,
                                        .make = make};

Result<void> run(const platform::ServiceOptions& options) {
    auto store = open_store(options.data);
    if (!store) return std::move(store).error();
    std::vector<std::unique_ptr<store::Statements>> readers;
    platform::ServiceParts parts;
    parts.name = "birthday";
    parts.add_routes = [&store, &readers](platform::Router& router) -> Result<void> {
        auto reader = (*store)->open_reader();
        if (!reader) return std::move(reader).error();
        readers.push_back(std::move(*reader));
        add_routes(router, **store, *readers.back(), system_clock());
        return {};
    };
    parts.close = [&store] { store->reset(); };
    return platform::run_service(options, parts);
}

}  // namespace loadgen::services::birthday
