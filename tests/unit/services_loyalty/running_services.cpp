#include "tests/unit/services_loyalty/running_services.hpp"

#include <cstdlib>
#include <future>

#include "common/base/uuid.hpp"
#include "services/platform/auth/secret_file.hpp"
#include "services/runtime/messaging/messaging.hpp"

namespace loadgen::services::test {

Folder::Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "loadgen-services-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

RunningServices::RunningServices(const Folder& folder, const std::vector<const runtime::ServiceType*>& types,
                                 const std::function<void(runtime::Settings&)>& change)
    : folder_(folder.path()), client_(std::make_unique<fetch::HttpClient>()) {
    runtime::HostOptions options;
    options.settings.data = folder_;
    options.settings.time_scale = 0;
    options.settings.seed_demo = false;
    options.settings.fast_passwords = true;
    if (change) change(options.settings);
    options.log_level = telemetry::LogLevel::kError;
    for (const runtime::ServiceType* type : types) options.services.push_back({.type = type, .server = {}});
    auto started = runtime::Host::start(options);
    EXPECT_TRUE(started.has_value()) << started.error().message;
    if (started) host_ = std::move(*started);
    auto opened = bus::open_embedded_bus({.folder = folder_});
    EXPECT_TRUE(opened.has_value());
    if (opened) bus_ = std::move(*opened);
}

RunningServices::~RunningServices() {
    listener_.reset();
    bus_.reset();
    client_.reset();
    host_.reset();
}

fetch::FetchResponse RunningServices::ask(std::string_view service, std::string method, std::string_view path,
                                          std::string body, std::string_view token) {
    fetch::FetchRequest request{.method = std::move(method), .body = std::move(body)};
    request.headers.push_back({"Content-Type", "application/json"});
    if (!token.empty()) request.headers.push_back({"Authorization", "Bearer " + std::string(token)});
    return send(service, path, std::move(request));
}

fetch::FetchResponse RunningServices::send(std::string_view service, std::string_view path,
                                           fetch::FetchRequest request) {
    for (const runtime::ServiceAddress& address : host_->addresses()) {
        if (address.service == service) request.url = address.url + std::string(path);
    }
    std::promise<fetch::FetchResponse> answer;
    client_->send(std::move(request), [&answer](Result<fetch::FetchResponse> response) {
        fetch::FetchResponse none;
        if (!response) none.body = response.error().message;
        answer.set_value(response ? std::move(*response) : std::move(none));
    });
    return answer.get_future().get();
}

std::string RunningServices::get(std::string_view service, std::string_view path, std::string_view token) {
    return ask(service, "GET", path, {}, token).body;
}

std::string RunningServices::token_of(std::string user_id, platform::auth::UserType type,
                                      std::int64_t seconds) {
    const auto secret = platform::auth::load_or_create_secret(folder_ + "/token-secret");
    const auto keys = platform::auth::TokenKeys::make(secret.value_or(std::string()));
    if (!keys) return "no key";
    return keys->sign(
        platform::auth::new_claims(std::move(user_id), type, system_clock().wall_now(), seconds));
}

void RunningServices::publish(std::string_view type, std::string data, std::string id) {
    contracts::Event event;
    event.id = id.empty() ? new_uuid() : std::move(id);
    event.type = type;
    event.source = runtime::source_of(type, "dev");
    event.time = system_clock().wall_now();
    event.data = std::move(data);
    std::promise<bool> told;
    bus_->publish({{.id = event.id,
                    .type = event.type,
                    .source = event.source,
                    .detail = contracts::write_event(event)}},
                  [&told](const Result<void>& outcome) { told.set_value(outcome.has_value()); });
    EXPECT_TRUE(told.get_future().get());
}

void RunningServices::listen(std::vector<std::string> types) {
    const bus::QueueSettings queue{.name = "test-ear", .rules = {{.types = std::move(types), .sources = {}}}};
    ASSERT_TRUE(bus_->declare(queue).has_value());
    auto listener = bus_->consume(queue.name, [this](const std::shared_ptr<bus::Batch>& batch) {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            for (const bus::Delivery& delivery : batch->deliveries()) {
                auto event = contracts::read_message(delivery.body);
                if (event) heard_.push_back(std::move(*event));
            }
        }
        batch->settle({});
    });
    ASSERT_TRUE(listener.has_value());
    listener_ = std::move(*listener);
}

std::vector<contracts::Event> RunningServices::heard() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return heard_;
}

std::vector<bus::DeadLetter> RunningServices::dead_letters(std::string_view queue) {
    constexpr std::size_t kMost = 100;
    return bus_->dead_letters(queue, kMost).value_or(std::vector<bus::DeadLetter>{});
}

bool eventually(const std::function<bool()>& condition) {
    std::mutex mutex;
    std::condition_variable never;
    const Instant deadline = system_clock().now() + std::chrono::seconds(20);
    while (!condition()) {
        if (system_clock().now() > deadline) return false;
        std::unique_lock<std::mutex> lock(mutex);
        never.wait_for(lock, std::chrono::milliseconds(2));
    }
    return true;
}

}  // namespace loadgen::services::test
