#include "services/platform/auth/secret_file.hpp"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <string_view>

#include "common/base/encoding.hpp"

namespace loadgen::services::platform::auth {
namespace {

constexpr std::size_t kRandomBytes = 32;
constexpr std::size_t kMinBytes = 32;
constexpr std::size_t kMaxBytes = 4096;
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOthers = 077;

class File {
  public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    bool is_open() const { return descriptor_ >= 0; }
    int get() const { return descriptor_; }

  private:
    int descriptor_;
};

Error failed(const std::string& what, const std::string& path) {
    return errno_error("cannot " + what + " the secret file " + path, errno);
}

Error unusable(const std::string& path, std::string_view why) {
    return {ErrorCode::kUsage, "the secret file " + path + ' ' + std::string(why)};
}

std::string trimmed(const std::string& text) {
    constexpr const char* kSpace = " \t\r\n";
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// None when there is no such file.
Result<std::optional<std::string>> load(const std::string& path) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.is_open()) {
        if (errno == ENOENT) return std::optional<std::string>();
        return failed("open", path);
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return failed("read", path);
    if (!S_ISREG(status.st_mode)) return unusable(path, "is not a regular file");
    if (status.st_uid != ::geteuid()) return unusable(path, "belongs to another user");
    if ((status.st_mode & kOthers) != 0) return unusable(path, "may be read by others: chmod 600 it");
    std::string text(kMaxBytes + 1, '\0');
    const ssize_t size = ::read(file.get(), text.data(), text.size());
    if (size < 0) return failed("read", path);
    text.resize(static_cast<std::size_t>(size));
    if (text.size() > kMaxBytes) return unusable(path, "has more than 4096 bytes");
    text = trimmed(text);
    if (text.size() < kMinBytes) return unusable(path, "has fewer than 32 bytes");
    return std::optional<std::string>(std::move(text));
}

Result<std::string> random_hex(std::size_t bytes) {
    std::string random(bytes, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(bytes)) != 1) {
        return Error{ErrorCode::kInternal, "OpenSSL has no random bytes"};
    }
    return to_hex(random);
}

/// `path` is what messages call the file that will be linked.
Result<void> write_whole(const std::string& temporary, const std::string& path, const std::string& text) {
    const File file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly));
    if (!file.is_open()) return failed("make", path);
    if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(file.get()) != 0) {
        return failed("write", path);
    }
    return {};
}

/// Makes the file unless another process was faster: a link appears whole or not at all, and never replaces.
Result<void> create(const std::string& path) {
    const auto secret = random_hex(kRandomBytes);
    const auto suffix = random_hex(8);
    if (!secret) return secret.error();
    if (!suffix) return suffix.error();
    const std::string temporary = path + '.' + *suffix;
    auto written = write_whole(temporary, path, *secret + '\n');
    const bool linked = written && ::link(temporary.c_str(), path.c_str()) == 0;
    const int reason = errno;
    ::unlink(temporary.c_str());
    if (!written) return written;
    if (!linked && reason != EEXIST) {
        errno = reason;
        return failed("make", path);
    }
    // The name too must survive a power cut: tokens signed before it shall hold after it.
    const auto folder = std::filesystem::path(path).parent_path();
    const File directory(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open() || ::fsync(directory.get()) != 0) return failed("keep", path);
    return {};
}

}  // namespace

Result<std::string> load_or_create_secret(const std::string& path) {
    auto found = load(path);
    if (found && !*found) {
        auto created = create(path);
        if (!created) return std::move(created).error();
        found = load(path);
    }
    if (!found) return std::move(found).error();
    if (!*found) return unusable(path, "went away while it was read");
    return std::move(**found);
}

}  // namespace loadgen::services::platform::auth
