#include "services/platform/detail/listener.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/io/address.hpp"
#include "services/platform/detail/native_loop.hpp"
#include "services/platform/listen_sockets.hpp"

namespace loadgen::services::platform::detail {
namespace {

namespace asio = boost::asio;

// Without descriptors, or at the connection limit, the next try comes after this; the backlog holds the
// clients.
constexpr auto kPause = std::chrono::milliseconds(50);

}  // namespace

struct Listener::Native {
    Native(asio::io_context& context, int socket) : descriptor(context, socket), timer(context) {}
    asio::posix::stream_descriptor descriptor;
    asio::steady_timer timer;
};

Listener::Listener(Shared& shared, std::vector<Worker*> workers, std::unique_ptr<Native> native)
    : shared_(shared), workers_(std::move(workers)), native_(std::move(native)) {}

Listener::~Listener() = default;

Result<std::unique_ptr<Listener>> Listener::open(Shared& shared, std::vector<Worker*> workers) {
    int socket = shared.options.listen_socket;
    if (socket < 0) {
        auto opened = open_listen_socket(shared.options);
        if (!opened) return std::move(opened).error();
        socket = *opened;
    }
    auto native = std::make_unique<Native>(workers.front()->loop().native().context, socket);
    return std::unique_ptr<Listener>(new Listener(shared, std::move(workers), std::move(native)));
}

io::Address Listener::address() const {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    // getsockname of a bound socket does not fail.
    ::getsockname(native_->descriptor.native_handle(), reinterpret_cast<sockaddr*>(&storage), &size);
    return io::Address::from_native(reinterpret_cast<sockaddr*>(&storage), size);
}

void Listener::start() {
    native_->descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                   [this](const boost::system::error_code& error) {
                                       if (!error) accept_next();
                                   });
}

void Listener::accept_next() {
    while (shared_.connections < shared_.options.max_connections) {
        const int socket =
            ::accept4(native_->descriptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            deal(socket);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            start();
            return;
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            const Error reason = errno_error("cannot accept", errno);
            shared_.logger.log(telemetry::LogLevel::kError, "accepting pauses", {{"error", reason.message}});
            break;
        }
        // Any other error belongs to the connection that did not come to be: take the next one.
    }
    pause();
}

void Listener::pause() {
    native_->timer.expires_after(kPause);
    native_->timer.async_wait([this](const boost::system::error_code& error) {
        if (!error && native_->descriptor.is_open()) accept_next();
    });
}

void Listener::deal(int socket) {
    ++shared_.connections;
    ++shared_.traffic.connections;
    Worker* worker = workers_[next_];
    next_ = (next_ + 1) % workers_.size();
    if (worker == workers_.front()) {
        worker->adopt(socket);
    } else {
        worker->loop().post([worker, socket] { worker->adopt(socket); });
    }
}

void Listener::drain() {
    // What waits in the backlog was promised an answer. When others listen on the same socket it need not be
    // us who takes what comes next, hence the bound.
    for (int taken = 0; taken <= shared_.options.backlog;) {
        const int socket =
            ::accept4(native_->descriptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            deal(socket);
            ++taken;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            break;
        }
    }
    native_->timer.cancel();
    native_->descriptor.close();
}

}  // namespace loadgen::services::platform::detail
