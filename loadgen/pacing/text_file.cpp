#include "loadgen/pacing/text_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace loadgen::pacing {
namespace {

Result<std::string> read_all(int fd, const std::string& path, std::size_t max_bytes) {
    std::string text;
    std::array<char, 64 * 1024> buffer;
    while (true) {
        const ssize_t count = ::read(fd, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno_error(path, errno);
        if (count == 0) return text;
        if (text.size() + static_cast<std::size_t>(count) > max_bytes)
            return Error{ErrorCode::kLimit,
                         path + ": larger than the limit of " + std::to_string(max_bytes) + " bytes"};
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        Error error = errno_error(path, errno);
        if (errno == ENOENT) error.code = ErrorCode::kNotFound;
        return error;
    }
    Result<std::string> text = read_all(fd, path, max_bytes);
    ::close(fd);
    return text;
}

}  // namespace loadgen::pacing
