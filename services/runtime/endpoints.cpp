#include "services/runtime/endpoints.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace loadgen::services::runtime {
namespace {

constexpr Nanos kKept = std::chrono::minutes(5);

std::filesystem::path folder_of(const std::string& data) {
    return std::filesystem::path(data) / "endpoints";
}

}  // namespace

Result<void> Endpoints::publish(const std::string& data, std::string_view service, std::string_view url) {
    const std::filesystem::path folder = folder_of(data);
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) return errno_error("cannot make the folder " + folder.string(), failure.value());
    // Written beside and renamed: a reader sees the old address or the new one, never a part.
    const std::string target = (folder / service).string();
    const std::string draft = target + '.' + std::to_string(::getpid());
    std::ofstream file(draft, std::ios::trunc);
    file << url << '\n';
    file.close();
    if (!file) return Error{ErrorCode::kIo, "cannot write " + draft};
    std::filesystem::rename(draft, target, failure);
    if (failure) return errno_error("cannot write " + target, failure.value());
    return {};
}

Result<std::string> Endpoints::url_of(std::string_view service) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Instant now = clock_.now();
    const auto known = known_.find(std::string(service));
    if (known != known_.end() && now < known->second.until) return known->second.url;
    std::ifstream file(folder_of(data_) / service);
    std::string url;
    if (!std::getline(file, url) || url.empty()) {
        return Error{ErrorCode::kNotFound,
                     "the service " + std::string(service) + " has not been started on the folder " + data_};
    }
    known_[std::string(service)] = {url, now + kKept};
    return url;
}

void Endpoints::forget(std::string_view service) {
    const std::lock_guard<std::mutex> lock(mutex_);
    known_.erase(std::string(service));
}

}  // namespace loadgen::services::runtime
