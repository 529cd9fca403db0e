#include "loadgen/scripting/node/detail/channel.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace loadgen::scripting {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} * 1024;
// So many full reads, then the rest of the loop gets its turn.
constexpr int kMaxReadsPerTurn = 16;
constexpr std::size_t kMaxLineBytes = std::size_t{16} * 1024;
// Beyond this the part of the buffer that was sent is given back.
constexpr std::size_t kTidyBytes = std::size_t{1} << 20U;

std::array<char, kReadBytes>& read_buffer() {
    static thread_local auto buffer = std::make_unique<std::array<char, kReadBytes>>();
    return *buffer;
}

}  // namespace

Channel::Pointer Channel::make(io::Loop& loop, int fd, ChannelEvents& events) {
    Pointer channel(new Channel(loop, fd, events));
    loop.watch(fd, *channel, EPOLLIN);
    return channel;
}

Channel::~Channel() {
    close();
}

void Channel::on_ready(std::uint32_t events) {
    if (events_ == nullptr || fd_ < 0) return;
    if ((events & EPOLLOUT) != 0) write_unsent();
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read();
}

void Channel::read() {
    auto& buffer = read_buffer();
    for (int reads = 0; reads < kMaxReadsPerTurn && events_ != nullptr && fd_ >= 0; ++reads) {
        const ssize_t size = ::read(fd_, buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (size <= 0) {
            close();
            events_->on_gone();
            return;
        }
        events_->on_bytes({buffer.data(), static_cast<std::size_t>(size)});
        if (static_cast<std::size_t>(size) < buffer.size()) return;
    }
}

void Channel::send(std::string_view bytes) {
    if (fd_ < 0) return;
    unsent_ += bytes;
    if (!waits_for_room_) write_unsent();
}

void Channel::write_unsent() {
    while (sent_ < unsent_.size()) {
        const ssize_t size = ::send(fd_, unsent_.data() + sent_, unsent_.size() - sent_, MSG_NOSIGNAL);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) {
            watch_for_room(errno == EAGAIN ||
                           errno == EWOULDBLOCK);  // otherwise broken, which reading will tell
            if (sent_ > kTidyBytes) {
                unsent_.erase(0, sent_);
                sent_ = 0;
            }
            return;
        }
        sent_ += static_cast<std::size_t>(size);
    }
    unsent_.clear();
    sent_ = 0;
    watch_for_room(false);
}

void Channel::watch_for_room(bool wanted) {
    if (wanted == waits_for_room_) return;
    waits_for_room_ = wanted;
    loop_.change_watch(fd_, *this, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

void Channel::finish_sending() {
    if (fd_ >= 0) shutdown(fd_, SHUT_WR);
}

void Channel::close() {
    if (fd_ < 0) return;
    loop_.unwatch(fd_);
    ::close(fd_);
    fd_ = -1;
}

void Channel::retire() {
    events_ = nullptr;
    close();
    loop_.dispose(this);
}

void LineReader::on_bytes(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        rest_ += bytes.substr(0, end);
        if (end == std::string_view::npos && rest_.size() < kMaxLineBytes) return;
        print_(rest_);
        rest_.clear();
        if (end == std::string_view::npos) return;
        bytes.remove_prefix(end + 1);
    }
}

void LineReader::on_gone() {
    if (!rest_.empty()) print_(rest_);
    rest_.clear();
}

}  // namespace loadgen::scripting
