#include "services/supervisor/control_socket.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "common/io/address.hpp"

namespace loadgen::services::supervisor {
namespace {

constexpr const char* kSocketName = "control.sock";
constexpr const char* kLockName = "supervisor.lock";
constexpr mode_t kAllButOwner = 0177;  // taken away: leaves 0600
constexpr int kBacklog = 16;

std::string path_in(const std::string& data, const char* name) {
    return (std::filesystem::path(data) / name).string();
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }
    int release() { return std::exchange(number_, -1); }

  private:
    int number_;
};

/// Calls use(address) with an address of the control socket. A path too long for an address is reached
/// through the folder's descriptor instead.
template <typename Use>
Result<void> with_address(const std::string& data, Use use) {
    const auto direct = io::Address::from_unix_path(control_path(data));
    if (direct) return use(*direct);
    const Descriptor folder(::open(data.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() < 0) return errno_error("cannot open the folder " + data, errno);
    const auto around =
        io::Address::from_unix_path("/proc/self/fd/" + std::to_string(folder.number()) + '/' + kSocketName);
    if (!around) return around.error();
    return use(*around);
}

std::string holder(int descriptor) {
    std::array<char, 32> text{};
    const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
    const std::string_view line(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    return std::string(line.substr(0, line.find('\n')));
}

}  // namespace

Result<std::unique_ptr<FolderLock>> FolderLock::take(const std::string& data) {
    const std::string path = path_in(data, kLockName);
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (file.number() < 0) return errno_error("cannot open " + path, errno);
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return errno_error("cannot lock " + path, errno);
        return Error{ErrorCode::kUsage, "the folder " + data + " has a supervisor already (process " +
                                            holder(file.number()) + "); `loadgen-services stop --data " +
                                            data + "` ends it"};
    }
    const std::string line = std::to_string(::getpid()) + '\n';
    // Only a hint for the reader of an error: the lock does not depend on it.
    if (::ftruncate(file.number(), 0) != 0 || ::pwrite(file.number(), line.data(), line.size(), 0) < 0) {
        return errno_error("cannot write " + path, errno);
    }
    return std::unique_ptr<FolderLock>(new FolderLock(file.release()));
}

FolderLock::~FolderLock() {
    ::close(descriptor_);
}

std::string control_path(const std::string& data) {
    return path_in(data, kSocketName);
}

Result<int> listen_for_control(const std::string& data) {
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.number() < 0) return errno_error("cannot make a socket", errno);
    remove_control_socket(data);
    auto bound = with_address(data, [&](const io::Address& address) -> Result<void> {
        // The mode is right from the first instant: a chmod afterwards would leave a gap.
        const mode_t before = ::umask(kAllButOwner);
        const int outcome = ::bind(socket.number(), address.data(), address.size());
        const int reason = errno;
        ::umask(before);
        if (outcome != 0) return errno_error("cannot bind " + control_path(data), reason);
        return {};
    });
    if (!bound) return std::move(bound).error();
    if (::listen(socket.number(), kBacklog) != 0)
        return errno_error("cannot listen on " + control_path(data), errno);
    return socket.release();
}

void remove_control_socket(const std::string& data) {
    ::unlink(control_path(data).c_str());
}

Result<int> connect_to_control(const std::string& data) {
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.number() < 0) return errno_error("cannot make a socket", errno);
    auto connected = with_address(data, [&](const io::Address& address) -> Result<void> {
        if (::connect(socket.number(), address.data(), address.size()) == 0) return {};
        if (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR) {
            return Error{ErrorCode::kNotFound, "no supervisor runs on the folder " + data +
                                                   "; `loadgen-services up --data " + data + "` starts one"};
        }
        return errno_error("cannot connect to " + control_path(data), errno);
    });
    if (!connected) {
        if (connected.error().code == ErrorCode::kIo && !std::filesystem::exists(data)) {
            return Error{ErrorCode::kNotFound, "there is no folder " + data +
                                                   "; `loadgen-services up --data " + data + "` makes it"};
        }
        return std::move(connected).error();
    }
    return socket.release();
}

}  // namespace loadgen::services::supervisor
