#include "loadgen/scenario/line_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace loadgen::scenario {
namespace {

constexpr std::size_t kReadSize = std::size_t{64} * 1024;

/// Owns a descriptor unless it is standard input.
class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ != STDIN_FILENO) ::close(fd_);
    }
    int get() const { return fd_; }

  private:
    int fd_;
};

}  // namespace

ReadBytes bytes_of(std::string text) {
    return [text = std::make_shared<const std::string>(std::move(text)),
            at = std::size_t{0}](std::span<char> buffer) mutable -> Result<std::size_t> {
        const std::size_t count = text->copy(buffer.data(), buffer.size(), at);
        at += count;
        return count;
    };
}

Result<ReadBytes> open_bytes(const std::string& path) {
    int fd = STDIN_FILENO;
    if (path != "-" && path != "stdin") {
        fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            const bool missing = errno == ENOENT;
            Error error = errno_error("error opening " + path, errno);
            if (missing) error.code = ErrorCode::kNotFound;
            return error;
        }
    }
    return ReadBytes(
        [file = std::make_shared<Descriptor>(fd), path](std::span<char> buffer) -> Result<std::size_t> {
            while (true) {
                const ssize_t count = ::read(file->get(), buffer.data(), buffer.size());
                if (count >= 0) return static_cast<std::size_t>(count);
                if (errno != EINTR) return errno_error("error reading " + path, errno);
            }
        });
}

LineReader::LineReader(std::string name, ReadBytes read, std::size_t max_line)
    : name_(std::move(name)), read_(std::move(read)), max_line_(max_line) {}

std::string LineReader::place(std::size_t line, std::size_t column) const {
    return name_ + ":" + std::to_string(line) + ":" + std::to_string(column) + ": ";
}

Result<std::optional<LineReader::Line>> LineReader::next() {
    if (has_peeked_) {
        has_peeked_ = false;
        return peeked_;
    }
    return read_line();
}

Result<std::optional<LineReader::Line>> LineReader::peek() {
    if (!has_peeked_) {
        Result<std::optional<Line>> line = read_line();
        if (!line) return line;
        peeked_ = *line;
        has_peeked_ = true;
    }
    return peeked_;
}

Result<std::optional<LineReader::Line>> LineReader::read_line() {
    if (failed_) return *failed_;
    buffer_.erase(0, taken_);
    taken_ = 0;
    std::size_t searched = 0;
    while (true) {
        const std::size_t end = buffer_.find('\n', searched);
        const std::size_t length = std::min(end, buffer_.size());
        if (length > max_line_) {
            failed_ =
                Error{ErrorCode::kLimit, place(number_ + 1, 1) + "the line is longer than the limit of " +
                                             std::to_string(max_line_) + " bytes"};
            return *failed_;
        }
        if (end != buffer_.npos || (ended_ && length > 0)) {
            taken_ = end != buffer_.npos ? end + 1 : length;
            return std::optional<Line>(
                Line{std::string_view(buffer_).substr(0, length), ++number_, end != buffer_.npos});
        }
        if (ended_) return std::optional<Line>{};
        searched = buffer_.size();
        buffer_.resize(searched + kReadSize);
        const Result<std::size_t> count = read_(std::span(buffer_).subspan(searched));
        buffer_.resize(searched + (count ? *count : 0));
        if (!count) {
            failed_ = count.error();
            return *failed_;
        }
        ended_ = *count == 0;
    }
}

}  // namespace loadgen::scenario
