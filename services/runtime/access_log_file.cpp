#include "services/runtime/access_log_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace loadgen::services::runtime {
namespace {

constexpr int kMode = 0644;

}  // namespace

Result<std::unique_ptr<AccessLogFile>> AccessLogFile::open(const std::string& path) {
    const int descriptor = path == "-"
                               ? ::dup(STDERR_FILENO)
                               : ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kMode);
    if (descriptor < 0) return errno_error("cannot open access log " + path, errno);
    return std::unique_ptr<AccessLogFile>(new AccessLogFile(descriptor));
}

AccessLogFile::AccessLogFile(int descriptor)
    : descriptor_(descriptor), sink_(std::make_unique<telemetry::DescriptorLogSink>(descriptor)) {}

AccessLogFile::~AccessLogFile() {
    sink_.reset();
    ::close(descriptor_);
}

}  // namespace loadgen::services::runtime
