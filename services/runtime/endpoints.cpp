#include "services/runtime/endpoints.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "services/platform/replace_file.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr Nanos kKept = std::chrono::minutes(5);

std::filesystem::path folder_of(const std::string& data) {
    return std::filesystem::path(data) / "endpoints";
}

/// Empty when there is none.
std::string read_url(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::string url;
    std::getline(file, url);
    return url;
}

bool share(int lock) {
    while (::flock(lock, LOCK_SH) != 0) {
        if (errno != EINTR) return false;
    }
    return true;
}

}  // namespace

Result<std::unique_ptr<EndpointClaim>> EndpointClaim::take(const std::string& data, std::string_view service,
                                                           std::string_view url) {
    const std::filesystem::path folder = folder_of(data);
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) return errno_error("cannot make the folder " + folder.string(), failure.value());
    const std::string target = (folder / service).string();
    const std::string path = target + ".lock";
    const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0) return errno_error("cannot open " + path, errno);
    std::unique_ptr<EndpointClaim> claim(new EndpointClaim(lock));
    // Alone: whatever the file says, nobody serves. Else it is held together with those of this address.
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0) {
        auto written = platform::replace_file(target, std::string(url) + '\n');
        if (!written) return std::move(written).error();
    }
    // Whoever has it alone has it for a moment only. On the way from alone to together another may have been
    // first: the file says who.
    if (!share(lock)) return errno_error("cannot lock " + path, errno);
    const std::string published = read_url(target);
    if (published == url) return claim;
    return Error{ErrorCode::kIo, "the folder " + data + " has this service already, at " + published};
}

EndpointClaim::~EndpointClaim() {
    ::close(lock_);
}

Result<std::string> Endpoints::url_of(std::string_view service) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Instant now = clock_.now();
    const auto known = known_.find(std::string(service));
    if (known != known_.end() && now < known->second.until) return known->second.url;
    std::string url = read_url(folder_of(data_) / service);
    if (url.empty()) {
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
