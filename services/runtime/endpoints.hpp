// Where the services of a data folder listen: one small file each, so that processes find one another.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::services::runtime {

/// Thread-safe.
class Endpoints {
  public:
    /// Files are `<data>/endpoints/<service>`; the folder is made.
    static Result<void> publish(const std::string& data, std::string_view service, std::string_view url);

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
