#include "services/bus/detail/wake_file.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstring>
#include <ctime>

namespace loadgen::services::bus::detail {
namespace {

constexpr std::array<char, 8> kMagic = {'L', 'G', 'B', 'U', 'S', 'W', 'K', '1'};
constexpr std::size_t kQueueSlots = 512;
constexpr std::size_t kFileBytes = 4096;
constexpr std::uint32_t kQueueBits = 24;  // of a mask; the other eight are for waking oneself
constexpr std::uint32_t kOwnBits = 8;

WakeFile::Mask next_own_bit() {
    static std::atomic<std::uint32_t> objects{0};
    const std::uint32_t number = static_cast<std::uint32_t>(::getpid()) + objects.fetch_add(1);
    return WakeFile::Mask{1} << (kQueueBits + number % kOwnBits);
}

/// Closes the descriptor: the mapping outlives it.
Result<void*> map_file(const std::string& path, int descriptor) {
    struct stat status {};
    void* memory = MAP_FAILED;
    const bool sized =
        ::fstat(descriptor, &status) == 0 && (status.st_size >= static_cast<off_t>(kFileBytes) ||
                                              ::ftruncate(descriptor, static_cast<off_t>(kFileBytes)) == 0);
    if (sized) memory = ::mmap(nullptr, kFileBytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    const int error = errno;
    ::close(descriptor);
    if (memory == MAP_FAILED) return errno_error("bus: cannot map " + path, error);
    return memory;
}

timespec monotonic_after(Nanos timeout) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t at = (system_clock().now() + timeout).time_since_epoch().count();
    return {.tv_sec = static_cast<time_t>(at / kSecond), .tv_nsec = static_cast<long>(at % kSecond)};
}

}  // namespace

/// As it lies in the file.
struct WakeFile::Layout {
    std::array<char, 8> magic;
    std::atomic<std::uint32_t> generation;
    std::atomic<std::uint32_t> sleepers;
    std::array<char, 48> reserved;
    std::array<std::atomic<std::uint32_t>, kQueueSlots> news;
};

WakeFile::WakeFile(Layout* layout) : layout_(layout), own_bit_(next_own_bit()) {}

WakeFile::~WakeFile() {
    ::munmap(layout_, kFileBytes);
}

Result<std::shared_ptr<WakeFile>> WakeFile::open(const std::string& path) {
    static_assert(sizeof(Layout) == 64 + 4 * kQueueSlots && sizeof(Layout) <= kFileBytes);
    static_assert(std::atomic<std::uint32_t>::is_always_lock_free, "other processes see plain words");
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return errno_error("bus: cannot open " + path, errno);
    const auto memory = map_file(path, descriptor);
    if (!memory) return memory.error();
    std::shared_ptr<WakeFile> file(new WakeFile(static_cast<Layout*>(*memory)));
    if (file->layout_->magic == std::array<char, 8>{}) file->layout_->magic = kMagic;
    if (file->layout_->magic != kMagic) {
        return Error{ErrorCode::kUnsupported, "bus: " + path + " is no wake-up file of this version"};
    }
    return file;
}

std::uint32_t WakeFile::generation() const {
    return layout_->generation.load();
}

void WakeFile::announce(std::span<const std::int64_t> queues) {
    if (queues.empty()) return;
    Mask mask = 0;
    for (const std::int64_t queue : queues) {
        layout_->news[static_cast<std::uint64_t>(queue) % kQueueSlots].fetch_add(1);
        mask |= mask_of(queue);
    }
    wake(mask);
}

void WakeFile::wake_self() {
    wake(own_bit_);
}

std::uint32_t WakeFile::news(std::int64_t queue) const {
    return layout_->news[static_cast<std::uint64_t>(queue) % kQueueSlots].load();
}

WakeFile::Mask WakeFile::mask_of(std::int64_t queue) {
    return Mask{1} << (static_cast<std::uint64_t>(queue) % kQueueBits);
}

void WakeFile::wake(Mask mask) {
    layout_->generation.fetch_add(1);
    // Who raises `sleepers` after this load compares the generation after that, and does not fall asleep.
    if (layout_->sleepers.load() == 0) return;
    ::syscall(SYS_futex, &layout_->generation, FUTEX_WAKE_BITSET, INT_MAX, nullptr, nullptr, mask);
}

void WakeFile::wait(std::uint32_t seen, Mask mask, Nanos timeout) {
    const timespec until = monotonic_after(timeout);
    layout_->sleepers.fetch_add(1);
    ::syscall(SYS_futex, &layout_->generation, FUTEX_WAIT_BITSET, seen, &until, nullptr, mask | own_bit_);
    layout_->sleepers.fetch_sub(1);
}

}  // namespace loadgen::services::bus::detail
