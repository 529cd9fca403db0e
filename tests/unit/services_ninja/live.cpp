#include "tests/unit/services_ninja/live.hpp"

#include <poll.h>

#include <chrono>
#include <future>

#include "common/text/json_reader.hpp"

namespace loadgen::services::ninja::test {
namespace {

/// Bounds waits for what should happen at once; reached only by failures.
constexpr std::chrono::seconds kPatience{40};
constexpr int kPollMilliseconds = 5;

}  // namespace

std::string text_member(std::string_view json, std::string_view name) {
    text::JsonDocument document;
    const auto root = document.parse(json);
    const auto member = root ? root->find(name) : std::nullopt;
    return std::string(member ? member->as_string().value_or("") : "");
}

bool eventually(const std::function<bool()>& ready) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!ready()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        ::poll(nullptr, 0, kPollMilliseconds);
    }
    return true;
}

Live::Live(const std::vector<const runtime::ServiceType*>& types, const Change& change) {
    runtime::HostOptions options;
    options.settings.data = folder_.path();
    for (const runtime::ServiceType* type : types) options.services.push_back({.type = type, .server = {}});
    if (change) change(options);
    auto started = runtime::Host::start(options);
    EXPECT_TRUE(started.has_value()) << (started ? "" : started.error().message);
    if (started) host_ = std::move(*started);
}

Live::~Live() {
    if (!host_) return;
    std::promise<void> drained;
    host_->begin_drain([&drained] { drained.set_value(); });
    drained.get_future().wait();
}

Answer Live::ask(std::string_view service, const std::string& method, const std::string& path,
                 const std::string& body, const http::Headers& headers) {
    fetch::FetchRequest request;
    request.method = method;
    for (const auto& address : host_->addresses()) {
        if (address.service == service) request.url = address.url + path;
    }
    request.headers = headers;
    request.body = body;
    request.total_timeout = kPatience;
    std::promise<Result<fetch::FetchResponse>> told;
    client_.send(std::move(request),
                 [&told](Result<fetch::FetchResponse> response) { told.set_value(std::move(response)); });
    auto response = told.get_future().get();
    if (!response) return response.error().message;
    return std::to_string(response->status) + ' ' + response->body;
}

}  // namespace loadgen::services::ninja::test
