#include "services/store/detail/commit_counter.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace loadgen::services::store::detail {
namespace {

using Number = std::atomic<std::uint64_t>;
static_assert(Number::is_always_lock_free && sizeof(Number) == sizeof(std::uint64_t),
              "processes share it as it is");

}  // namespace

Result<std::unique_ptr<CommitCounter>> CommitCounter::open(const std::string& path) {
    if (path.empty()) return std::unique_ptr<CommitCounter>(new CommitCounter(nullptr));
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return errno_error("store: cannot open " + path, errno);
    // Lengthens with zeros, and is no change for whoever comes second.
    void* memory = MAP_FAILED;
    if (::ftruncate(descriptor, sizeof(Number)) == 0) {
        memory = ::mmap(nullptr, sizeof(Number), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    }
    const int reason = errno;
    ::close(descriptor);
    if (memory == MAP_FAILED) return errno_error("store: cannot map " + path, reason);
    return std::unique_ptr<CommitCounter>(new CommitCounter(static_cast<Number*>(memory)));
}

CommitCounter::~CommitCounter() {
    if (number_ != &own_) ::munmap(number_, sizeof(Number));
}

}  // namespace loadgen::services::store::detail
