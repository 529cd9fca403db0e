#include "common/io/stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace loadgen::io {
namespace {

constexpr std::size_t kReadBufferBytes = 64 * 1024;
// From this size on more of the same is probably on its way.
constexpr std::size_t kBulkBytes = 16 * 1024;
// So many full reads, then the other connections get their turn.
constexpr int kMaxReadsPerTurn = 16;
constexpr std::uint32_t kWatchedEvents = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
constexpr std::uint32_t kEndEvents = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

std::array<char, kReadBufferBytes>& read_buffer() {
    static thread_local auto buffer = std::make_unique<std::array<char, kReadBufferBytes>>();
    return *buffer;
}

void set_option(int socket, int level, int name) {
    const int on = 1;
    // A refusal only costs speed: unix sockets know no TCP options.
    static_cast<void>(setsockopt(socket, level, name, &on, sizeof on));
}

int pending_error(int socket) {
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

class Stream::State final : public Watched {
  public:
    State(Loop& loop, StreamEvents& events) : loop_(loop), events_(&events) {}
    ~State() override {
        if (fd_ >= 0) ::close(fd_);
    }

    void connect(const Address& peer, const std::optional<Address>& local) {
        fd_ = ::socket(peer.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd_ < 0) return fail_later(errno);
        set_option(fd_, IPPROTO_TCP, TCP_NODELAY);
        if (local) {
            // The kernel then picks the port at connect time, by the four-tuple, so that the ports of one
            // source address serve many destinations.
            set_option(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
            if (::bind(fd_, local->data(), local->size()) != 0) return fail_later(errno);
        }
        if (::connect(fd_, peer.data(), peer.size()) != 0 && errno != EINPROGRESS) return fail_later(errno);
        if (loop_.keeps_arrival_times()) set_option(fd_, SOL_SOCKET, SO_TIMESTAMPNS);
        loop_.stay_awake();
        if (!loop_.watch(fd_, *this, kWatchedEvents)) fail_later(errno);
    }

    std::size_t send(std::string_view bytes) {
        std::size_t sent = 0;
        while (sent < bytes.size()) {
            const ssize_t size = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (size < 0 && errno == EINTR) continue;
            if (size < 0) break;  // full: EPOLLOUT follows; broken: so does EPOLLERR or EPOLLHUP
            sent += static_cast<std::size_t>(size);
        }
        blocked_ = sent < bytes.size();
        if (blocked_) loop_.stay_awake();
        return sent;
    }

    void close() {
        events_ = nullptr;
        if (fd_ >= 0) ::close(fd_);  // leaves the epoll set with it
        fd_ = -1;
    }

    void on_ready(std::uint32_t events) override {
        if (events_ == nullptr) return;
        if (!connected_) return finish_connecting(events);
        if ((events & EPOLLOUT) != 0 && blocked_) {
            blocked_ = false;
            events_->on_writable();
        }
        if (events_ != nullptr && (events & (EPOLLIN | kEndEvents)) != 0) read((events & kEndEvents) != 0);
    }

  private:
    void fail_later(int os_error) {
        // By way of a task, so that the owner is never called from inside its own call. The state may be
        // closed and even disposed of by then: the task holds what says so.
        loop_.post([this, alive = std::weak_ptr<int>(alive_), os_error] {
            if (!alive.expired() && events_ != nullptr) end({.eof = false, .os_error = os_error});
        });
    }

    void finish_connecting(std::uint32_t events) {
        const int error = pending_error(fd_);
        if (error != 0) return end({.eof = false, .os_error = error});
        if ((events & EPOLLOUT) == 0) return;
        connected_ = true;
        loop_.stay_awake();  // a handshake may follow
        events_->on_connected();
        if (events_ != nullptr && (events & (EPOLLIN | kEndEvents)) != 0) read((events & kEndEvents) != 0);
    }

    void read(bool ending) {
        auto& buffer = read_buffer();
        for (int reads = 0; events_ != nullptr; ++reads) {
            if (reads == kMaxReadsPerTurn) return continue_later(ending);
            const ssize_t size = loop_.keeps_arrival_times() ? receive_stamped()
                                                             : ::recv(fd_, buffer.data(), buffer.size(), 0);
            if (size > 0) {
                if (static_cast<std::size_t>(size) >= kBulkBytes) loop_.stay_awake();
                events_->on_received({buffer.data(), static_cast<std::size_t>(size)});
                // A short read has emptied the socket; only an end that was announced may still be there.
                if (static_cast<std::size_t>(size) < buffer.size() && !ending) return;
                continue;
            }
            if (size == 0) return end({.eof = true, .os_error = 0});
            if (errno == EINTR) continue;
            if (errno == EAGAIN || errno == EWOULDBLOCK) return;
            return end({.eof = false, .os_error = errno});
        }
    }

    /// As recv; and makes the kernel's stamp of the last packet the loop's time.
    ssize_t receive_stamped() {
        iovec room{read_buffer().data(), read_buffer().size()};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control;
        msghdr message{};
        message.msg_iov = &room;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const ssize_t size = ::recvmsg(fd_, &message, 0);
        const cmsghdr* header = size > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
        if (header == nullptr || header->cmsg_type != SCM_TIMESTAMPNS) return size;
        timespec stamp{};
        std::memcpy(&stamp, CMSG_DATA(header), sizeof stamp);
        loop_.refresh();
        loop_.set_now(loop_.instant_of({std::int64_t{stamp.tv_sec} * 1'000'000'000 + stamp.tv_nsec}));
        return size;
    }

    void continue_later(bool ending) {
        loop_.post([this, alive = std::weak_ptr<int>(alive_), ending] {
            if (!alive.expired() && events_ != nullptr) read(ending);
        });
    }

    void end(StreamEnd how) {
        StreamEvents* receiver = events_;
        close();
        receiver->on_closed(how);
    }

    Loop& loop_;
    StreamEvents* events_;
    int fd_ = -1;
    bool connected_ = false;
    bool blocked_ = false;
    std::shared_ptr<int> alive_ = std::make_shared<int>();
};

Stream::Stream(Loop& loop, StreamEvents& events) : state_(new State(loop, events)), loop_(loop) {}

Stream::~Stream() {
    state_->close();
    loop_.dispose(state_);
}

void Stream::connect(const Address& peer, const std::optional<Address>& local) {
    state_->connect(peer, local);
}

std::size_t Stream::send(std::string_view bytes) {
    return state_->send(bytes);
}

void Stream::close() {
    state_->close();
}

}  // namespace loadgen::io
