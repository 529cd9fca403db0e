#include "common/runlog/byte_stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace loadgen::runlog {

FdInput::~FdInput() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
}

Result<std::size_t> FdInput::read(std::span<char> space) {
    while (true) {
        const ssize_t got = ::read(fd_, space.data(), space.size());
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return errno_error("read", errno);
    }
}

Result<std::size_t> MemoryInput::read(std::span<char> space) {
    const std::size_t size = std::min({space.size(), rest_.size(), chunk_});
    if (size != 0) std::memcpy(space.data(), rest_.data(), size);
    rest_.remove_prefix(size);
    return size;
}

FdSink::~FdSink() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
}

Result<void> FdSink::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::write(fd_, bytes.data(), bytes.size());
        if (done >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(done));
        } else if (errno != EINTR) {
            return errno_error(name_, errno);
        }
    }
    return {};
}

Result<void> StringSink::write(std::string_view bytes) {
    out_ += bytes;
    return {};
}

Result<int> open_for_reading(const std::string& name) {
    if (name == "stdin" || name == "-") return STDIN_FILENO;
    const int fd = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) return fd;
    Error error = errno_error(name, errno);
    if (errno == ENOENT) error.code = ErrorCode::kNotFound;
    return error;
}

Result<std::unique_ptr<FdSink>> create_file(const std::string& name) {
    if (name == "stdout" || name == "-") return std::make_unique<FdSink>(STDOUT_FILENO, "stdout");
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return errno_error(name, errno);
    return std::make_unique<FdSink>(fd, name);
}

}  // namespace loadgen::runlog
