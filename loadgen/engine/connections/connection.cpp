#include "loadgen/engine/connections/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <set>
#include <system_error>

#include "loadgen/engine/connections/pool.hpp"

namespace loadgen::engine {
namespace {

constexpr std::size_t kMaxTunnelAnswer = 16 * 1024;
constexpr Nanos kBacklogPause{5'000'000};

Cause dial_cause(int os_error) {
    switch (os_error) {
        case ECONNREFUSED:
        case ECONNRESET:
        case ENOENT:  // unix socket that is not there
            return Cause::kRefused;
        case ETIMEDOUT:
            return Cause::kConnectTimeout;
        case EADDRNOTAVAIL:
        case EADDRINUSE:
            return Cause::kPorts;
        case EMFILE:
        case ENFILE:
            return Cause::kDescriptors;
        default:
            return Cause::kUnreachable;
    }
}

/// One copy of each address text for the life of the process; there are as many as servers.
const std::string* intern_address(const std::string& text) {
    static std::mutex mutex;
    static std::set<std::string> known;
    const std::lock_guard lock(mutex);
    return &*known.insert(text).first;
}

std::string describe(const std::string& what, const std::string& where, int os_error) {
    return what + ' ' + where + ": " + std::generic_category().message(os_error);
}

}  // namespace

Connection::Connection(ConnectionContext& context, Pool& pool, const Authority& authority)
    : context_(context), pool_(pool), authority_(authority), id_(context.next_id) {
    context.next_id += context.id_step;
}

Connection::~Connection() {
    *alive_ = false;
}

// -- Dialling

void Connection::dial() {
    dial_start_ = phase_start_ = context_.loop.now();
    arm_deadline();
    context_.dialer.find_route(authority_, [this, alive = alive_](Result<Route> route) {
        if (!*alive || phase_ != Phase::kResolving) return;
        dns_time_ = context_.loop.now() - phase_start_;
        if (!route) {
            const Cause cause = route.error().code == ErrorCode::kUsage ? Cause::kUnsent : Cause::kDns;
            return fail(cause, std::move(route).error().message);
        }
        route_ = std::move(*route);
        phase_ = Phase::kConnecting;
        phase_start_ = context_.loop.now();
        connect_next();
    });
}

void Connection::connect_next() {
    stream_.emplace(context_.loop, static_cast<io::StreamEvents&>(*this));
    stream_->connect(route_.addresses[attempt_], route_.local);
}

void Connection::arm_deadline() {
    const Nanos timeout = context_.policy.timeout;
    Instant when = timeout > Nanos(0) ? dial_start_ + timeout : Instant::max();
    if (backlog_full_) when = std::min(when, context_.loop.now() + kBacklogPause);
    if (when != Instant::max()) context_.dial_deadlines.arm(*this, when);
}

void Connection::on_connected() {
    connect_time_ = context_.loop.now() - phase_start_;
    remote_ = intern_address(route_.addresses[attempt_].text());
    for (std::size_t failed = 0; failed < attempt_; ++failed)
        context_.dialer.demote(route_.addresses[failed]);
    if (context_.policy.proxy) return send_tunnel_request();
    connection_stands();
}

void Connection::connection_stands() {
    if (authority_.tls) return start_tls();
    open_session(context_.policy.protocol == plan::Protocol::kHttp2Cleartext);
}

void Connection::on_deadline() {
    const Nanos timeout = context_.policy.timeout;
    const bool timed_out = timeout > Nanos(0) && context_.loop.now() >= dial_start_ + timeout;
    if (backlog_full_ && !timed_out) {
        backlog_full_ = false;
        arm_deadline();
        return connect_next();
    }
    close();
    pool_.on_dial_timed_out(*this);
}

DialFailure Connection::stalled() const {
    const std::string in_time = "no connection to " + authority_.text() + " in time";
    switch (phase_) {
        case Phase::kResolving:
            return {Cause::kDns, authority_.host + ": no answer from DNS in time"};
        case Phase::kConnecting:
            // A unix socket that does not refuse connects at once, or would have to wait.
            return {Cause::kConnectTimeout,
                    in_time + (context_.policy.unix_socket.empty() ? "" : ": the socket's backlog is full")};
        case Phase::kTunnelling:
            return {Cause::kConnectTimeout, in_time + ": no answer to CONNECT"};
        case Phase::kHandshaking:
            return {Cause::kConnectTimeout, in_time + ": no end of the TLS handshake"};
        case Phase::kSettling:
            return {Cause::kConnectTimeout, in_time + ": no HTTP/2 settings"};
        default:
            return {Cause::kConnectTimeout, in_time};
    }
}

void Connection::fail(Cause cause, std::string text) {
    if (phase_ == Phase::kClosed) return;
    close();
    pool_.on_dial_failed(*this, {cause, std::move(text)});
}

// -- Proxy tunnel (RFC 9110 section 9.3.6)

void Connection::send_tunnel_request() {
    phase_ = Phase::kTunnelling;
    std::string& out = context_.outgoing;
    out.assign("CONNECT ")
        .append(authority_.text())
        .append(" HTTP/1.1\r\nHost: ")
        .append(authority_.text())
        .append("\r\n");
    for (const http::Header& header : context_.policy.proxy->headers) {
        out.append(header.name).append(": ").append(header.value).append("\r\n");
    }
    out.append("\r\n");
    send_outgoing();
}

void Connection::receive_tunnel_answer(std::string_view bytes) {
    tunnel_answer_.append(bytes);
    const auto end = tunnel_answer_.find("\r\n\r\n");
    if (end == std::string::npos) {
        if (tunnel_answer_.size() > kMaxTunnelAnswer)
            fail(Cause::kProtocol, "proxy answered CONNECT with endless headers");
        return;
    }
    const std::string status_line = tunnel_answer_.substr(0, tunnel_answer_.find("\r\n"));
    if (status_line.size() < 12 || !status_line.starts_with("HTTP/1.") || status_line[8] != ' ') {
        return fail(Cause::kProtocol, "proxy answered CONNECT with no HTTP: " + status_line);
    }
    if (status_line[9] != '2') {  // any success will do
        return fail(Cause::kRefused, "proxy refused CONNECT " + authority_.text() + ": " + status_line);
    }
    const std::string rest = tunnel_answer_.substr(end + 4);
    tunnel_answer_ = {};
    connection_stands();
    if (!rest.empty() && phase_ != Phase::kClosed) on_received(rest);
}

// -- TLS

void Connection::start_tls() {
    phase_ = Phase::kHandshaking;
    phase_start_ = context_.loop.now();
    tls_ = std::make_unique<io::TlsClient>(*context_.tls, authority_.host);
    receive_tls({});
}

void Connection::receive_tls(std::string_view bytes) {
    tls_->feed(bytes);
    if (phase_ == Phase::kHandshaking && tls_->state() == io::TlsClient::State::kOpen) handshake_done();
    if (phase_ == Phase::kClosed) return;
    if (tls_->state() == io::TlsClient::State::kOpen) {
        context_.plaintext.clear();
        if (tls_->read(context_.plaintext) > 0) deliver(context_.plaintext);
        if (phase_ == Phase::kClosed) return;
    }
    context_.outgoing.clear();
    tls_->take_output(context_.outgoing);
    send_outgoing();
    if (tls_->state() == io::TlsClient::State::kFailed) {
        if (phase_ == Phase::kHandshaking) return fail(Cause::kTls, "TLS: " + tls_->failure());
        return end_session(EndOfInput::kReset);
    }
    if (tls_->state() == io::TlsClient::State::kClosed) end_session(EndOfInput::kClosed);
}

void Connection::handshake_done() {
    tls_time_ = context_.loop.now() - phase_start_;
    const bool http2 = tls_->alpn() == "h2";
    if (!http2 && context_.policy.protocol == plan::Protocol::kHttp2Cleartext) {
        return fail(Cause::kTls, "TLS: " + authority_.text() + " does not offer HTTP/2 by ALPN");
    }
    open_session(http2);
}

// -- The end

void Connection::on_closed(io::StreamEnd end) {
    switch (phase_) {
        case Phase::kConnecting:
            // Only unix sockets say so; a full TCP backlog is silent, and the system tries again by itself.
            if (end.os_error == EAGAIN && !context_.policy.unix_socket.empty()) {
                backlog_full_ = true;
                return arm_deadline();
            }
            if (attempt_ + 1 < route_.addresses.size()) {
                ++attempt_;
                return connect_next();
            }
            return fail(dial_cause(end.os_error),
                        describe("connect to", route_.addresses[attempt_].text(), end.os_error));
        case Phase::kTunnelling:
            return fail(Cause::kRefused, "proxy closed the connection before it answered CONNECT");
        case Phase::kHandshaking:
            return fail(Cause::kTls, end.eof
                                         ? "TLS: connection closed during the handshake"
                                         : describe("TLS handshake with", authority_.text(), end.os_error));
        default:
            return end_session(end.eof ? EndOfInput::kClosed : EndOfInput::kReset);
    }
}

}  // namespace loadgen::engine
