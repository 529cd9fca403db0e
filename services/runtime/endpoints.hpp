// Where the services of a data folder listen: one small file each, so that processes find one another.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::services::runtime {

/// That a service of a data folder is served here. Processes that share one address (instances on one socket)
/// may all hold it; who serves elsewhere is refused, so that nobody draws the others' requests away from it.
/// The system frees it with the process, however that ends.
class EndpointClaim {
  public:
    /// Publishes the address: writes `<data>/endpoints/<service>`, and locks `<service>.lock` beside it. The
    /// folder is made. kIo when the service is served elsewhere, with that address, or the disk refuses.
    static Result<std::unique_ptr<EndpointClaim>> take(const std::string& data, std::string_view service,
                                                       std::string_view url);
    ~EndpointClaim();
    EndpointClaim(const EndpointClaim&) = delete;
    EndpointClaim& operator=(const EndpointClaim&) = delete;

  private:
    explicit EndpointClaim(int lock) : lock_(lock) {}
    const int lock_;  // a descriptor, flock()ed
};

/// Thread-safe.
class Endpoints {
  public:
    Endpoints(std::string data, const Clock& clock) : data_(std::move(data)), clock_(clock) {}
    /// The service's base URL, kept for five minutes. kNotFound when it never started in this data folder.
    Result<std::string> url_of(std::string_view service);
    /// Looks anew next time: whoever listened there is gone.
    void forget(std::string_view service);

  private:
    struct Known {
        std::string url;
        Instant until;
    };
    const std::string data_;
    const Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, Known> known_;  // guarded by mutex_
};

}  // namespace loadgen::services::runtime
