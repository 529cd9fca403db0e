#include "tests/unit/services_grocery/live.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>

#include "services/grocery/elastic/service.hpp"
#include "services/grocery/lists/service.hpp"
#include "services/grocery/stats/service.hpp"
#include "services/grocery/users/service.hpp"
#include "services/platform/auth/secret_file.hpp"

namespace loadgen::services::grocery::test {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;

std::optional<text::JsonValue> walk(text::JsonValue value, std::string_view path) {
    while (!path.empty()) {
        const std::string_view name = path.substr(0, path.find('.'));
        path.remove_prefix(std::min(path.size(), name.size() + 1));
        std::size_t place = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), place);
        const bool is_place = error == std::errc() && end == name.data() + name.size();
        const auto next =
            is_place && value.kind() == text::JsonKind::kArray ? value.at(place) : value.find(name);
        if (!next) return std::nullopt;
        value = *next;
    }
    return value;
}

std::string text_of(const text::JsonValue& value) {
    if (const auto text = value.as_string()) return std::string(*text);
    if (const auto number = value.as_int()) return std::to_string(*number);
    if (const auto number = value.as_double()) return std::to_string(*number);
    if (const auto truth = value.as_bool()) return *truth ? "true" : "false";
    return std::string(text::json_kind_name(value.kind()));
}

const runtime::ServiceType* type_named(std::string_view name) {
    for (const runtime::ServiceType* type :
         {&elastic::kElastic, &users::kUsers, &lists::kLists, &stats::kStats}) {
        if (type->name == name) return type;
    }
    return nullptr;
}

}  // namespace

std::optional<std::string> member(std::string_view json, std::string_view path) {
    text::JsonDocument document;
    const auto root = document.parse(json);
    if (!root) return std::nullopt;
    const auto value = walk(*root, path);
    return value ? std::optional(text_of(*value)) : std::nullopt;
}

int count_of(std::string_view json, std::string_view path) {
    text::JsonDocument document;
    const auto root = document.parse(json);
    const auto value = root ? walk(*root, path) : std::nullopt;
    return value && value->kind() == text::JsonKind::kArray ? static_cast<int>(value->size()) : -1;
}

bool eventually(const std::function<bool()>& ready) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!ready()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        ::poll(nullptr, 0, 5);
    }
    return true;
}

LiveServices::LiveServices(const std::string& folder, bool seed_demo,
                           const std::vector<std::string_view>& names, std::uint16_t port) {
    runtime::HostOptions options;
    options.settings.data = folder;
    options.settings.seed_demo = seed_demo;
    options.log_level = telemetry::LogLevel::kError;
    const std::vector<std::string_view> all = {"grocery-elastic", "grocery-users", "grocery-lists",
                                               "grocery-stats"};
    for (const std::string_view name : names.empty() ? all : names)
        options.services.push_back({.type = type_named(name), .server = {.port = port, .reuse_port = true}});
    auto started = runtime::Host::start(options);
    EXPECT_TRUE(started.has_value()) << (started ? "" : started.error().message);
    if (started) host_ = std::move(*started);
}

LiveServices::~LiveServices() = default;

std::string LiveServices::url(std::string_view service) const {
    for (const auto& address : host_->addresses()) {
        if (address.service == service) return address.url;
    }
    ADD_FAILURE() << service << " is not running";
    return {};
}

std::uint16_t LiveServices::port(std::string_view service) const {
    for (const auto& address : host_->addresses()) {
        if (address.service == service) return address.port;
    }
    return 0;
}

Tokens::Tokens(const std::string& folder) {
    auto secret =
        platform::auth::load_or_create_secret((std::filesystem::path(folder) / "token-secret").string());
    EXPECT_TRUE(secret.has_value());
    auto keys = platform::auth::TokenKeys::make(*secret);
    EXPECT_TRUE(keys.has_value());
    keys_.emplace(std::move(*keys));
}

std::string Tokens::of(std::string_view user_id, platform::auth::UserType type) const {
    return keys_->sign(platform::auth::new_claims(std::string(user_id), type, system_clock().wall_now()));
}

std::string Tokens::expired(std::string_view user_id) const {
    const WallTime long_ago{system_clock().wall_now().unix_ns - 2 * kDaySeconds * 1'000'000'000};
    return keys_->sign(
        platform::auth::new_claims(std::string(user_id), platform::auth::UserType::kAdmin, long_ago));
}

Answer Client::send(const std::string& method, const std::string& url, const std::string& token,
                    const std::string& body) {
    fetch::FetchRequest request;
    request.method = method;
    request.url = url;
    request.total_timeout = kPatience + std::chrono::seconds(20);
    if (!token.empty()) request.headers.push_back({"authorization", "Bearer " + token});
    if (!body.empty()) request.headers.push_back({"content-type", "application/json"});
    request.body = body;
    std::promise<Result<fetch::FetchResponse>> told;
    client_.send(std::move(request),
                 [&told](Result<fetch::FetchResponse> response) { told.set_value(std::move(response)); });
    auto response = told.get_future().get();
    if (!response) {
        ADD_FAILURE() << method << ' ' << url << ": " << response.error().message;
        return {};
    }
    return {response->status, std::move(response->headers), std::move(response->body)};
}

EventStream::EventStream(std::uint16_t port, const std::string& path, const std::string& token,
                         const std::string& last_event_id) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n";
    if (!last_event_id.empty()) request += "Last-Event-ID: " + last_event_id + "\r\n";
    request += "Connection: close\r\n\r\n";
    EXPECT_EQ(::send(socket_, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
}

EventStream::~EventStream() {
    ::close(socket_);
}

bool EventStream::read_more() {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience);
    if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return false;
    char buffer[4096];
    const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(got));
    return true;
}

bool EventStream::wait_for(std::string_view text) {
    while (received_.find(text) == std::string::npos) {
        if (!read_more()) return false;
    }
    return true;
}

bool EventStream::wait_for_end() {
    while (read_more()) {
    }
    return received_.ends_with("0\r\n\r\n");
}

std::string make_scratch_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "loadgen-grocery-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    return pattern;
}

}  // namespace loadgen::services::grocery::test
