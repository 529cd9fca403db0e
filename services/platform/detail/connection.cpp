#include "services/platform/detail/connection.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>

#include "common/io/address.hpp"
#include "services/platform/detail/native_loop.hpp"
#include "services/platform/detail/worker.hpp"
#include "services/platform/error_body.hpp"

namespace loadgen::services::platform::detail {
namespace {

namespace asio = boost::asio;

using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, asio::io_context::executor_type>;

constexpr std::size_t kReadBufferBytes = 8 * 1024;
constexpr int kHandlerTooSlow = 503;

/// The client's IP address; all that a log needs.
std::string peer_text(int socket) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return "-";
    const std::string text = io::Address::from_native(reinterpret_cast<sockaddr*>(&storage), size).text();
    return text.substr(0, text.rfind(':'));
}

http::ServerOptions session_options(Worker& worker) {
    const ServerOptions& ours = worker.shared().options;
    http::ServerOptions options;
    options.head.max_head_bytes = static_cast<std::uint32_t>(ours.max_head_bytes);
    options.max_body_bytes = ours.max_body_bytes;
    options.max_stream_bytes = ours.max_stream_bytes;
    options.date = [&worker] { return worker.date(); };
    return options;
}

}  // namespace

struct Connection::Io {
    Io(asio::io_context& context, int descriptor)
        : socket(context.get_executor(), asio::generic::stream_protocol(AF_INET, IPPROTO_TCP), descriptor) {}
    Socket socket;
    std::array<char, kReadBufferBytes> buffer{};
};

Connection::Connection(Worker& worker, int socket)
    : worker_(worker),
      io_(std::make_unique<Io>(worker.loop().native().context, socket)),
      session_(http::make_server_session(*this, session_options(worker))),
      peer_(peer_text(socket)),
      last_progress_(worker.loop().now()) {}

Connection::~Connection() = default;

void Connection::start() {
    boost::system::error_code ignored;
    io_->socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    read_more();
}

void Connection::begin_drain() {
    if (lingering_) return;
    const auto self = shared_from_this();
    session_->begin_drain();
    const auto calls = calls_;  // each may answer at once
    for (const auto& call : calls) call->notify_drain();
    drain_streams();
    flush();
    // One that was used a moment ago may be about to be used again: its next answer can tell the client.
    if (open_ && !lingering_) close_if_quiet(worker_.loop().now(), worker_.shared().options.drain_idle);
}

void Connection::close() {
    if (!open_) return;
    open_ = false;
    const auto self = shared_from_this();
    boost::system::error_code ignored;
    io_->socket.close(ignored);
    // The handlers go on and answer; nobody hears it.
    for (const auto& call : calls_) call->connection = nullptr;
    calls_.clear();
    while (!streams_.empty()) end_stream(streams_.back()->id(), StreamEnd::kPeerLeft);
    worker_.remove(*this);
}

void Connection::respond(ConnectionCall& call, http::Response&& response) {
    const auto self = shared_from_this();
    const http::StreamId stream = call.stream;
    forget(call);
    session_->respond(stream, std::move(response));
    answer_begun();
}

void Connection::on_request(http::ServerSession& /*session*/, http::StreamId id, http::Request&& request) {
    auto call = std::make_shared<ConnectionCall>(worker_.loop(), worker_, std::move(request), *this, id);
    call->peer_text = peer_;
    call->peer = call->peer_text;
    calls_.push_back(call);
    ++worker_.shared().traffic.requests;
    worker_.dispatcher().dispatch(call);
}

void Connection::on_cancel(http::ServerSession& /*session*/, http::StreamId id) {
    const auto found =
        std::find_if(calls_.begin(), calls_.end(), [id](const auto& call) { return call->stream == id; });
    if (found == calls_.end()) return end_stream(id, StreamEnd::kPeerLeft);
    (*found)->connection = nullptr;
    calls_.erase(found);
}

void Connection::forget(ConnectionCall& call) {
    call.connection = nullptr;
    const auto found = std::find_if(calls_.begin(), calls_.end(),
                                    [&call](const auto& other) { return other.get() == &call; });
    if (found != calls_.end()) calls_.erase(found);
}

void Connection::read_more() {
    if (reading_ || peer_ended_ || !open_) return;
    if (!lingering_ && !session_->wants_read()) return;
    reading_ = true;
    io_->socket.async_read_some(
        asio::buffer(io_->buffer),
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t bytes) {
            self->on_read(error ? (error == asio::error::eof ? -1 : error.value()) : 0, bytes);
        });
}

void Connection::on_read(int error, std::size_t bytes) {
    reading_ = false;
    if (!open_) return;
    last_progress_ = worker_.loop().refresh();
    if (error > 0) {
        close();
    } else if (error < 0) {
        peer_ended_ = true;
        if (lingering_) {
            close();
            return;
        }
        in_session_ = true;
        session_->peer_closed();
        in_session_ = false;
        flush();
    } else if (lingering_) {
        read_more();
    } else {
        feed({io_->buffer.data(), bytes});
    }
}

void Connection::feed(std::string_view bytes) {
    in_session_ = true;
    session_->feed(bytes);
    in_session_ = false;
    note_receiving();
    flush();
}

void Connection::note_receiving() {
    if (session_->idle() || session_->in_flight() > 0) {
        receiving_since_.reset();
    } else if (!receiving_since_) {
        receiving_since_ = worker_.loop().now();
    }
}

void Connection::flush() {
    if (!open_ || lingering_ || !send_output()) return;
    if (session_->wants_close() || (peer_ended_ && session_->in_flight() == 0)) {
        begin_close();
    } else {
        read_more();
    }
}

bool Connection::send_output() {
    // With nothing left to send (a stream was broken off) there is nothing to wait for either.
    if (writing_ && !session_->output().empty()) return false;
    for (std::string_view bytes = session_->output(); !bytes.empty(); bytes = session_->output()) {
        // Straight to the socket: an operation of the loop would cost it a turn more.
        const ssize_t sent =
            ::send(io_->socket.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            session_->consume_output(static_cast<std::size_t>(sent));
            last_progress_ = worker_.loop().now();
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            wait_writable();
            return false;
        } else if (errno != EINTR) {
            close();
            return false;
        }
    }
    return true;
}

void Connection::wait_writable() {
    writing_ = true;
    io_->socket.async_wait(Socket::wait_write,
                           [self = shared_from_this()](const boost::system::error_code& error) {
                               self->writing_ = false;
                               if (error || !self->open_) return;
                               self->worker_.loop().refresh();
                               self->flush();
                           });
}

/// Closing at once could reset the connection and destroy an answer that the client has not read yet (RFC
/// 9112 section 9.6).
void Connection::begin_close() {
    if (peer_ended_) {
        close();
        return;
    }
    lingering_ = true;
    linger_deadline_ = worker_.loop().now() + worker_.shared().options.linger;
    ::shutdown(io_->socket.native_handle(), SHUT_WR);
    read_more();
}

void Connection::close_if_quiet(Instant now, Nanos most) {
    const Nanos quiet = now - last_progress_;
    if (!session_->idle() || quiet <= most || bytes_wait()) return;
    if (unacknowledged() && quiet <= most + worker_.shared().options.linger) return;
    session_->begin_drain();
    const bool goodbye = !session_->output().empty();  // of HTTP/2
    if (!send_output() || !open_) return;
    if (goodbye) return begin_close();
    close();  // the client has everything: there is no answer to protect
}

/// A request may have come that was not read yet.
bool Connection::bytes_wait() const {
    char first = 0;
    return ::recv(io_->socket.native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/// The last answer is still on its way.
bool Connection::unacknowledged() const {
    int bytes = 0;
    return ::ioctl(io_->socket.native_handle(), SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

void Connection::check_time(Instant now) {
    const auto self = shared_from_this();
    if (lingering_) {
        if (now >= linger_deadline_) close();
        return;
    }
    answer_late_calls(now);
    if (!open_) return;
    const ServerOptions& options = worker_.shared().options;
    const Nanos quiet = now - last_progress_;
    if (session_->idle()) {
        close_if_quiet(now, worker_.draining() ? options.drain_idle : options.idle_timeout);
    } else if (calls_.empty() && quiet > options.idle_timeout && (streams_.empty() || streams_wait())) {
        close();  // a peer that stopped reading its answers
    } else if (receiving_since_ && now - *receiving_since_ > options.request_timeout) {
        close();
    }
}

void Connection::answer_late_calls(Instant now) {
    const Nanos limit = worker_.shared().options.handler_timeout;
    const auto late = std::find_if(calls_.begin(), calls_.end(), [&](const auto& call) {
        return now - call->started() > (call->waits_on_purpose() ? 2 * limit : limit);
    });
    if (late == calls_.end()) return;
    const std::shared_ptr<ConnectionCall> call = *late;
    call->error = "the handler gave no answer in time";
    // One a sweep is enough: such calls are a defect, not a load.
    call->answer(error_response(*call, kHandlerTooSlow, "no answer in time"));
}

}  // namespace loadgen::services::platform::detail
