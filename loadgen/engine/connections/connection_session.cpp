// What a connection does once it stands: its session, and the bytes of it.
#include "loadgen/engine/connections/connection.hpp"
#include "loadgen/engine/connections/pool.hpp"

namespace loadgen::engine {
namespace {

// After so many bytes in one turn the thread's other connections get theirs.
constexpr std::size_t kMaxSentPerTurn = 256 * 1024;

}  // namespace

void Connection::open_session(bool http2) {
    phase_ = Phase::kSettling;
    http2_ = http2;
    if (context_.session.websocket) {
        session_ = make_websocket_session(context_.exchanges, id_);
    } else {
        session_ = http2 ? make_http2_session(context_.exchanges, context_.session)
                         : make_http1_session(context_.exchanges, context_.session);
    }
    if (session_->settled()) return become_ready();
    flush();
}

void Connection::become_ready() {
    io::Deadline::cancel();
    phase_ = Phase::kReady;
    stood_ = true;
    pool_.on_connected(*this);
    if (phase_ == Phase::kReady) flush();
}

std::size_t Connection::free_streams() const {
    if (phase_ != Phase::kReady || !session_) return 0;
    const std::uint64_t limit = context_.policy.requests_per_connection;
    if (limit != 0 && exchanges_ >= limit) return 0;
    return session_->free_streams();
}

bool Connection::last_exchange() const {
    const std::uint64_t limit = context_.policy.requests_per_connection;
    return limit != 0 && exchanges_ >= limit;
}

void Connection::submit(Exchange& exchange) {
    ++exchanges_;
    exchange.connection = this;
    exchange.connection_id = id_;
    exchange.ordinal = static_cast<std::uint32_t>(exchanges_);
    exchange.remote_address = remote_;
    if (exchanges_ == 1) {
        exchange.dns = dns_time_;
        exchange.connect = connect_time_;
        exchange.tls = tls_time_;
    }
    session_->submit(exchange, last_exchange());
}

void Connection::cancel(Exchange& exchange) {
    session_->cancel(exchange);
    exchange.connection = nullptr;
}

void Connection::flush() {
    if (receiving_) return;  // `deliver` flushes once, when all that arrived has been handled
    if (continuing_) return;
    if (context_.outgoing_in_use) return context_.deferred.push_back(this);
    produce_and_send();
    while (!context_.deferred.empty()) {
        Connection* deferred = context_.deferred.back();
        context_.deferred.pop_back();
        deferred->produce_and_send();
    }
}

void Connection::produce_and_send() {
    const auto speaks = [this] { return phase_ == Phase::kReady || phase_ == Phase::kSettling; };
    std::size_t sent = 0;
    while (speaks() && unsent_.empty() && session_->wants_write()) {
        if (sent >= kMaxSentPerTurn) return continue_later();
        std::string& out = context_.outgoing;
        out.clear();
        context_.outgoing_in_use = true;
        session_->produce(out);
        context_.outgoing_in_use = false;
        if (out.empty()) return;
        if (tls_) {
            tls_->write(out);
            out.clear();
            tls_->take_output(out);
        }
        sent += out.size();
        send_outgoing();
    }
}

void Connection::continue_later() {
    continuing_ = true;
    context_.loop.stay_awake();
    context_.loop.post([this, alive = alive_] {
        if (!*alive || phase_ == Phase::kClosed) return;
        continuing_ = false;
        flush();
        if (phase_ != Phase::kClosed && finished()) leave();
    });
}

void Connection::send_outgoing() {
    if (!unsent_.empty()) {  // keep the order: the socket is full
        unsent_.append(context_.outgoing);
        return;
    }
    const std::size_t sent = stream_->send(context_.outgoing);
    if (sent < context_.outgoing.size()) unsent_.assign(context_.outgoing, sent);
}

void Connection::on_writable() {
    const std::size_t sent = stream_->send(unsent_);
    unsent_.erase(0, sent);
    if (unsent_.empty()) {
        unsent_ = {};
        flush();
        if (phase_ != Phase::kClosed && finished()) leave();
    }
}

void Connection::on_received(std::string_view bytes) {
    if (phase_ == Phase::kTunnelling) return receive_tunnel_answer(bytes);
    if (tls_) return receive_tls(bytes);
    deliver(bytes);
}

void Connection::deliver(std::string_view plaintext) {
    receiving_ = true;
    const bool orderly = session_->receive(plaintext);
    receiving_ = false;
    if (phase_ == Phase::kClosed) return;
    if (phase_ == Phase::kSettling) return settle(orderly);
    flush();  // HTTP/2 also says why it leaves (GOAWAY), and ends what can no longer be sent
    if (phase_ != Phase::kClosed && (!orderly || finished())) leave();
}

void Connection::settle(bool orderly) {
    const bool usable = orderly && !session_->draining();
    if (usable && session_->settled()) return become_ready();
    flush();
    if (!usable) end_session(EndOfInput::kClosed);
}

void Connection::leave() {
    close();
    pool_.on_connection_closed(*this);
}

void Connection::end_session(EndOfInput how) {
    if (phase_ == Phase::kSettling) {
        return fail(Cause::kProtocol, authority_.text() + " ended the connection without HTTP/2 settings");
    }
    if (session_) session_->end(how);
    if (phase_ != Phase::kClosed) leave();
}

bool Connection::say_goodbye() {
    if (phase_ != Phase::kReady || !session_->say_goodbye()) return false;
    flush();
    return true;
}

void Connection::close() {
    phase_ = Phase::kClosed;
    io::Deadline::cancel();
    if (stream_) stream_->close();
}

}  // namespace loadgen::engine
