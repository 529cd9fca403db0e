#include "services/store/detail/turn_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace loadgen::services::store::detail {
namespace {

constexpr int kGate = 0;  // bytes of the file
constexpr int kTurn = 1;

}  // namespace

TurnLock::Turn::Turn(const TurnLock* lock) : lock_(lock) {
    if (lock_ == nullptr) return;
    lock_->change(F_WRLCK, kGate);
    lock_->change(F_WRLCK, kTurn);
    lock_->change(F_UNLCK, kGate);
}

TurnLock::Turn::~Turn() {
    if (lock_ != nullptr) lock_->change(F_UNLCK, kTurn);
}

Result<std::unique_ptr<TurnLock>> TurnLock::open(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return errno_error("store: cannot open " + path, errno);
    return std::unique_ptr<TurnLock>(new TurnLock(descriptor));
}

TurnLock::~TurnLock() {
    ::close(descriptor_);
}

/// Waits. A failure means that the turn is not held: then SQLite's lock alone keeps order.
void TurnLock::change(int type, int place) const {
    struct flock lock {};
    lock.l_type = static_cast<short>(type);
    lock.l_whence = SEEK_SET;
    lock.l_start = place;
    lock.l_len = 1;
    while (::fcntl(descriptor_, F_OFD_SETLKW, &lock) != 0 && errno == EINTR) {
    }
}

}  // namespace loadgen::services::store::detail
