#include "services/platform/detail/listener.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/io/address.hpp"
#include "services/platform/detail/native_loop.hpp"

namespace loadgen::services::platform::detail {
namespace {

namespace asio = boost::asio;

// Without descriptors, or at the connection limit, the next try comes after this; the backlog holds the
// clients.
constexpr auto kPause = std::chrono::milliseconds(50);

Result<void> set_flag(int socket, int option, const char* what) {
    const int on = 1;
    if (::setsockopt(socket, SOL_SOCKET, option, &on, sizeof on) != 0) return errno_error(what, errno);
    return {};
}

Result<void> bind_and_listen(int socket, const io::Address& address, const ServerOptions& options) {
    auto done = set_flag(socket, SO_REUSEADDR, "cannot set SO_REUSEADDR");
    if (done && options.reuse_port) done = set_flag(socket, SO_REUSEPORT, "cannot set SO_REUSEPORT");
    if (!done) return done;
    if (::bind(socket, address.data(), address.size()) != 0 || ::listen(socket, options.backlog) != 0) {
        return errno_error("cannot listen on " + address.text(), errno);
    }
    return {};
}

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
    const ServerOptions& options = shared.options;
    const auto address = io::Address::from_ip(options.host, options.port);
    if (!address) {
        return Error{ErrorCode::kUsage,
                     "host \"" + options.host + "\" is not an IP address (like 127.0.0.1 or ::1)"};
    }
    const int socket = ::socket(address->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return errno_error("cannot make a socket", errno);
    auto ready = bind_and_listen(socket, *address, options);
    if (!ready) {
        ::close(socket);
        return std::move(ready).error();
    }
    auto native = std::make_unique<Native>(workers.front()->loop().native().context, socket);
    return std::unique_ptr<Listener>(new Listener(shared, std::move(workers), std::move(native)));
}

std::uint16_t Listener::port() const {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    // getsockname of a bound socket does not fail.
    ::getsockname(native_->descriptor.native_handle(), reinterpret_cast<sockaddr*>(&storage), &size);
    return io::Address::from_native(reinterpret_cast<sockaddr*>(&storage), size).port();
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
    Worker* worker = workers_[next_];
    next_ = (next_ + 1) % workers_.size();
    if (worker == workers_.front()) {
        worker->adopt(socket);
    } else {
        worker->loop().post([worker, socket] { worker->adopt(socket); });
    }
}

void Listener::drain() {
    for (;;) {
        const int socket =
            ::accept4(native_->descriptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            deal(socket);
        } else if (errno != ECONNABORTED && errno != EINTR) {
            break;
        }
    }
    native_->timer.cancel();
    native_->descriptor.close();
}

}  // namespace loadgen::services::platform::detail
