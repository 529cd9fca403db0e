#include "services/ninja/shared/configuration_source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

namespace loadgen::services::ninja {
namespace {

constexpr Nanos kKept = std::chrono::minutes(5);

class Descriptor {
  public:
    explicit Descriptor(int value) : value_(value) {}
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return value_; }

  private:
    const int value_;
};

/// The file's text, one byte more than allowed at most; the built-in document when there is no file.
Result<std::string> read_document(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0 && errno == ENOENT) return std::string(built_in_configuration());
    if (file.get() < 0) return errno_error(path, errno);
    std::string text;
    std::array<char, 4096> buffer{};
    while (text.size() <= kMaxConfigurationBytes) {
        const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno_error(path, errno);
        if (got == 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
}

}  // namespace

ConfigurationSource::ConfigurationSource(const std::string& folder, const Clock& clock)
    : path_((std::filesystem::path(folder) / "my_conf.json").string()), clock_(clock) {}

Result<std::shared_ptr<const Configuration>> ConfigurationSource::current() {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Instant now = clock_.now();
    if (known_ && now < known_until_) return known_;
    auto text = read_document(path_);
    if (!text) return std::move(text).error();
    auto parsed = parse_configuration(*text);
    if (!parsed) return with_context(path_ + ": ", std::move(parsed).error());
    known_ = std::make_shared<const Configuration>(std::move(*parsed));
    known_until_ = now + kKept;
    return known_;
}

}  // namespace loadgen::services::ninja
