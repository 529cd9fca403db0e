// Services of the set as they run for real: a host on a folder of its own, asked over HTTP, on a bus that the
// test publishes to and listens to as another process would.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "common/fetch/http_client.hpp"
#include "services/bus/bus.hpp"
#include "services/contracts/event.hpp"
#include "services/runtime/host.hpp"

namespace loadgen::services::test {

/// Removed with what is in it.
class Folder {
  public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string path() const { return path_.string(); }
    std::string file(std::string_view name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

class RunningServices {
  public:
    /// `change` turns what the operator decides; by default nothing waits, nothing is seeded.
    RunningServices(const Folder& folder, const std::vector<const runtime::ServiceType*>& types,
                    const std::function<void(runtime::Settings&)>& change = nullptr);
    ~RunningServices();
    RunningServices(const RunningServices&) = delete;
    RunningServices& operator=(const RunningServices&) = delete;

    /// What `service` answers. Status 0 and the error's text when it does not.
    fetch::FetchResponse ask(std::string_view service, std::string method, std::string_view path,
                             std::string body = {}, std::string_view token = {});
    /// The same for a request with everything but its address.
    fetch::FetchResponse send(std::string_view service, std::string_view path, fetch::FetchRequest request);
    std::string get(std::string_view service, std::string_view path, std::string_view token = {});
    /// Of a user of this type; `seconds` from now it expires, or did.
    std::string token_of(std::string user_id,
                         platform::auth::UserType type = platform::auth::UserType::kStandard,
                         std::int64_t seconds = platform::auth::kDefaultTokenSeconds);

    /// Waits until the bus has it. An empty id is a new one.
    void publish(std::string_view type, std::string data, std::string id = {});
    /// Begins to collect the events of these types.
    void listen(std::vector<std::string> types);
    /// What was collected so far, in order.
    std::vector<contracts::Event> heard() const;
    std::vector<bus::DeadLetter> dead_letters(std::string_view queue);

  private:
    const std::string folder_;
    std::unique_ptr<runtime::Host> host_;
    std::unique_ptr<fetch::HttpClient> client_;
    mutable std::mutex mutex_;
    std::vector<contracts::Event> heard_;  // guarded by mutex_
    std::unique_ptr<bus::Bus> bus_;
    std::unique_ptr<bus::Consumer> listener_;
};

/// Waits until `condition` holds; false after twenty seconds.
bool eventually(const std::function<bool()>& condition);

}  // namespace loadgen::services::test
