#include "services/platform/traffic.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>

namespace loadgen::services::platform {
namespace {

void* map(int descriptor) {
    return ::mmap(nullptr, sizeof(Traffic), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
}

}  // namespace

Result<std::unique_ptr<SharedTraffic>> SharedTraffic::create() {
    const int descriptor = ::memfd_create("traffic", MFD_CLOEXEC);
    if (descriptor < 0) return errno_error("cannot make a memory file", errno);
    void* memory = ::ftruncate(descriptor, sizeof(Traffic)) == 0 ? map(descriptor) : MAP_FAILED;
    if (memory == MAP_FAILED) {
        const int reason = errno;
        ::close(descriptor);
        return errno_error("cannot map a memory file", reason);
    }
    return std::unique_ptr<SharedTraffic>(new SharedTraffic(descriptor, new (memory) Traffic));
}

Result<std::unique_ptr<SharedTraffic>> SharedTraffic::open(int descriptor) {
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0) return errno_error("cannot use the traffic descriptor", errno);
    // A shorter file would end this process at the first count.
    if (!S_ISREG(facts.st_mode) || facts.st_size < static_cast<off_t>(sizeof(Traffic))) {
        return Error{ErrorCode::kUsage, "the traffic descriptor is no memory file of the right size"};
    }
    void* memory = map(descriptor);
    if (memory == MAP_FAILED) return errno_error("cannot map a memory file", errno);
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    // The maker has begun the object's life; here it is only seen.
    return std::unique_ptr<SharedTraffic>(new SharedTraffic(descriptor, static_cast<Traffic*>(memory)));
}

SharedTraffic::~SharedTraffic() {
    ::munmap(traffic_, sizeof(Traffic));
    ::close(descriptor_);
}

}  // namespace loadgen::services::platform
