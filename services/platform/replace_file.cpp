#include "services/platform/replace_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace loadgen::services::platform {
namespace {

/// 0, or the errno of what failed. Closes in any case.
int write_and_close(int file, std::string_view content) {
    int reason = 0;
    while (!content.empty() && reason == 0) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written >= 0) content.remove_prefix(static_cast<std::size_t>(written));
        if (written < 0 && errno != EINTR) reason = errno;
    }
    if (::close(file) != 0 && reason == 0) reason = errno;
    return reason;
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view content) {
    // Of this process alone: several may replace the file at once.
    const std::string draft = path + '.' + std::to_string(::getpid());
    const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return errno_error("cannot write " + path, errno);
    int reason = write_and_close(file, content);
    if (reason == 0 && ::rename(draft.c_str(), path.c_str()) != 0) reason = errno;
    if (reason == 0) return {};
    ::unlink(draft.c_str());
    return errno_error("cannot write " + path, reason);
}

}  // namespace loadgen::services::platform
