#include "common/io/stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <memory>

#include "common/io/native_loop.hpp"

namespace loadgen::io {
namespace asio = boost::asio;
namespace {

// The typed executor spares the type erasure of Asio's default socket types on every operation.
using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

// Drained through by every stream of a thread when its own buffer filled up.
constexpr std::size_t kSharedBufferBytes = 64 * 1024;
// So many shared-buffer reads, then the other connections get their turn.
constexpr int kMaxReadsPerTurn = 16;

std::array<char, kSharedBufferBytes>& shared_buffer() {
    static thread_local auto buffer = std::make_unique<std::array<char, kSharedBufferBytes>>();
    return *buffer;
}

void set_option(int socket, int level, int name) {
    const int on = 1;
    // A refusal only costs speed: unix sockets know no TCP options.
    static_cast<void>(setsockopt(socket, level, name, &on, sizeof on));
}

int error_number(const boost::system::error_code& error) {
    return error.value();
}

}  // namespace

/// Reference-counted because Asio delivers aborted completions after close (they only drop their reference).
struct Stream::State {
    State(Loop& owner, StreamEvents& receiver, std::size_t buffer_size)
        : loop(owner),
          events(&receiver),
          socket(owner.native().context.get_executor()),
          buffer_bytes(buffer_size) {}

    void release() {
        if (--references == 0) delete this;
    }

    void start_connecting(const Address& peer, const std::optional<Address>& local) {
        boost::system::error_code error;
        socket.open(asio::generic::stream_protocol(peer.family(), 0), error);
        if (!error) error = prepare(local);
        if (error) return fail_later(error_number(error));
        ++references;
        socket.async_connect(asio::generic::stream_protocol::endpoint(peer.data(), peer.size()),
                             [this](const boost::system::error_code& result) {
                                 finish_connecting(result);
                                 release();
                             });
    }

    boost::system::error_code prepare(const std::optional<Address>& local) {
        boost::system::error_code error;
        const int handle = socket.native_handle();
        set_option(handle, IPPROTO_TCP, TCP_NODELAY);
        if (local) {
            // The kernel then picks the port at connect time, by the four-tuple, so ports of one source
            // address serve many destinations.
            set_option(handle, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
            socket.bind(asio::generic::stream_protocol::endpoint(local->data(), local->size()), error);
        }
        if (!error) socket.non_blocking(true, error);
        return error;
    }

    void fail_later(int os_error) {
        ++references;
        asio::post(socket.get_executor(), [this, os_error] {
            if (events != nullptr) {
                loop.refresh();
                end({.eof = false, .os_error = os_error});
            }
            release();
        });
    }

    void finish_connecting(const boost::system::error_code& error) {
        if (events == nullptr) return;
        loop.refresh();
        if (error) return end({.eof = false, .os_error = error_number(error)});
        buffer = std::make_unique_for_overwrite<char[]>(buffer_bytes);
        events->on_connected();
        if (events != nullptr) arm_read();
    }

    void arm_read() {
        ++references;
        socket.async_read_some(asio::buffer(buffer.get(), buffer_bytes), ReadHandler{this});
    }

    void finish_read(const boost::system::error_code& error, std::size_t size) {
        if (events == nullptr) return;
        loop.refresh();
        if (error == asio::error::eof) return end({.eof = true, .os_error = 0});
        if (error) return end({.eof = false, .os_error = error_number(error)});
        events->on_received({buffer.get(), size});
        if (size == buffer_bytes) drain();
        if (events != nullptr) arm_read();
    }

    /// More may be waiting than the small buffer holds. An end met here is met again by the armed read.
    void drain() {
        for (int reads = 0; events != nullptr && reads < kMaxReadsPerTurn; ++reads) {
            auto& scratch = shared_buffer();
            const ssize_t size = ::recv(socket.native_handle(), scratch.data(), scratch.size(), 0);
            if (size <= 0) return;
            events->on_received({scratch.data(), static_cast<std::size_t>(size)});
            if (static_cast<std::size_t>(size) < scratch.size()) return;
        }
    }

    std::size_t send(std::string_view bytes) {
        std::size_t sent = 0;
        while (sent < bytes.size()) {
            const ssize_t size =
                ::send(socket.native_handle(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (size < 0 && errno == EINTR) continue;
            if (size < 0) break;
            sent += static_cast<std::size_t>(size);
        }
        if (sent < bytes.size() && (errno == EAGAIN || errno == EWOULDBLOCK)) arm_write();
        return sent;  // any other error is seen by the read that is always armed
    }

    void arm_write() {
        if (write_armed) return;
        write_armed = true;
        ++references;
        socket.async_wait(asio::socket_base::wait_write, [this](const boost::system::error_code& error) {
            write_armed = false;
            if (events != nullptr && !error) {
                loop.refresh();
                events->on_writable();
            }
            release();
        });
    }

    void end(StreamEnd how) {
        StreamEvents* receiver = events;
        close();
        receiver->on_closed(how);
    }

    void close() {
        events = nullptr;
        boost::system::error_code ignored;
        socket.close(ignored);
    }

    struct ReadHandler {
        State* state;
        void operator()(const boost::system::error_code& error, std::size_t size) const {
            state->finish_read(error, size);
            state->release();
        }
    };

    Loop& loop;
    StreamEvents* events;
    Socket socket;
    std::size_t buffer_bytes;
    std::unique_ptr<char[]> buffer;
    std::uint32_t references = 1;
    bool write_armed = false;
};

Stream::Stream(Loop& loop, StreamEvents& events, std::size_t read_buffer_bytes)
    : state_(new State(loop, events, read_buffer_bytes)) {}

Stream::~Stream() {
    state_->close();
    state_->release();
}

void Stream::connect(const Address& peer, const std::optional<Address>& local) {
    state_->start_connecting(peer, local);
}

std::size_t Stream::send(std::string_view bytes) {
    return state_->send(bytes);
}

void Stream::close() {
    state_->close();
}

bool Stream::open() const {
    return state_->events != nullptr;
}

Address Stream::local_address() const {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* native = reinterpret_cast<sockaddr*>(&storage);
    if (::getsockname(state_->socket.native_handle(), native, &size) != 0) return {};
    return Address::from_native(native, size);
}

}  // namespace loadgen::io
