// WebSocket (RFC 6455), client side: the first exchange is the handshake, an HTTP/1.1 request; those that
// follow are messages. A message that comes ends the exchange that has waited for one longest; one that comes
// before anybody waits is kept for who waits next, until something is sent.
#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "common/http/http1_parser.hpp"
#include "common/http/websocket.hpp"
#include "loadgen/engine/exchanges/compiled_request.hpp"
#include "loadgen/engine/sessions/session.hpp"

namespace loadgen::engine {
namespace {

constexpr std::size_t kMaxProduced = 64 * 1024;
// Strands of one user; those beyond wait in the pool.
constexpr std::size_t kMostExchanges = 1000;
// Messages that are kept for a wait; further ones are dropped.
constexpr std::size_t kMostEarly = 16;
constexpr std::size_t kMostEarlyBytes = 64 * 1024;
constexpr std::uint16_t kSwitchingProtocols = 101;

std::vector<std::string> protocols_of(const http::Headers& headers) {
    std::vector<std::string> protocols;
    const http::Header* field = http::find_header(headers, "sec-websocket-protocol");
    std::string_view rest = field != nullptr ? std::string_view(field->value) : std::string_view();
    while (!rest.empty()) {  // as append_websocket_fields wrote it
        const auto end = std::min(rest.find(", "), rest.size());
        protocols.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    return protocols;
}

class ClientWebSocket final : public Session, private http::Http1Events, private http::WebSocketEvents {
  public:
    ClientWebSocket(SessionEvents& events, std::uint64_t seed)
        : events_(events),
          parser_(http::Http1Parser::Mode::kResponse, *this),
          random_(seed),
          socket_(*this, random_) {}

    std::size_t free_streams() const override {
        if (state_ == State::kFresh) return 1;
        if (state_ != State::kOpen || socket_.close_sent()) return 0;
        return kMostExchanges - std::min(kMostExchanges, in_flight());
    }
    std::size_t in_flight() const override {
        return (handshake_ != nullptr ? 1 : 0) + to_send_.size() + awaiting_.size();
    }
    bool settled() const override { return true; }
    bool draining() const override { return draining_; }

    void submit(Exchange& exchange, bool) override {
        if (state_ == State::kFresh) {
            state_ = State::kHandshake;
            handshake_ = &exchange;
            parser_.expect(exchange.request->parser_method());
        } else if (exchange.kind == plan::ExchangeKind::kListen) {
            awaiting_.push(exchange);
        } else {
            to_send_.push(exchange);
        }
    }

    void cancel(Exchange& exchange) override {
        if (&exchange == handshake_) {
            handshake_ = nullptr;
            leave();
        } else if (!to_send_.remove(exchange)) {
            awaiting_.remove(exchange);
        }
    }

    bool receive(std::string_view bytes) override {
        if (handshake_ != nullptr) {
            const std::size_t consumed = parser_.feed(bytes);
            if (parser_.error() != http::Http1Error::kNone) {
                handshake_->error.assign(http::http1_error_text(parser_.error()));
                return end_handshake(Cause::kProtocol);
            }
            if (!head_done_) return true;
            if (!answer_handshake()) return false;
            bytes.remove_prefix(consumed);
        }
        if (state_ == State::kOpen) socket_.feed(bytes);
        return !draining_;
    }

    void end(EndOfInput how) override {
        draining_ = true;
        drop_early();
        if (handshake_ != nullptr) {
            if (how == EndOfInput::kClosed) parser_.finish();
            if (head_done_) {
                answer_handshake();
            } else {
                const bool in_body = handshake_->status != 0 && how == EndOfInput::kClosed;
                end_handshake(in_body ? Cause::kTruncated : Cause::kResetInflight);
            }
        }
        socket_.connection_ended();
    }

    bool wants_write() const override {
        return (handshake_ != nullptr && !handshake_sent_) || has_output_ || !to_send_.empty() ||
               (!early_.empty() && !awaiting_.empty());
    }

    void produce(std::string& out) override {
        if (handshake_ != nullptr && !handshake_sent_) {
            handshake_->request->append_http1_head(out, handshake_->sequence, handshake_->trace, false);
            handshake_sent_ = true;
            events_.on_written(*handshake_);
        }
        take_output(out);
        while (!early_.empty() && !awaiting_.empty()) hand_over_early();
        while (!to_send_.empty() && out.size() < kMaxProduced) {
            Exchange& exchange = *to_send_.pop();
            drop_early();
            exchange.bytes_out = exchange.request->body().size();
            socket_.send(http::WebSocketKind::kText, exchange.request->body());
            take_output(out);
            // Only now: what came before cannot be an answer.
            if (exchange.kind == plan::ExchangeKind::kAsk) awaiting_.push(exchange);
            events_.on_written(exchange);
        }
    }

    bool say_goodbye() override {
        drop_early();
        if (state_ != State::kOpen || !socket_.close()) return false;
        has_output_ = true;
        return true;
    }

    std::string_view farewell() const override { return farewell_; }

  private:
    enum class State : std::uint8_t { kFresh, kHandshake, kOpen, kOver };

    // -- The handshake

    void on_interim(const http::Http1Head&) override { handshake_->has_first_byte = false; }

    void on_head(const http::Http1Head& head) override {
        if (!handshake_->has_first_byte) events_.on_first_byte(*handshake_);
        handshake_->status = head.status;
        if (events_.wants_headers(*handshake_)) {
            for (const http::HeaderView& header : head.headers) events_.on_header(*handshake_, header);
        }
        if (head.status != kSwitchingProtocols) return;
        const http::Headers& asked = handshake_->request->source().headers;
        const http::Header* key = http::find_header(asked, "sec-websocket-key");
        const auto answer = http::check_websocket_answer(
            head.status, head.headers, key != nullptr ? key->value : "", protocols_of(asked));
        accepted_ = static_cast<bool>(answer);
        if (!answer) handshake_->error = answer.error().message;
    }

    void on_body(std::string_view bytes) override { events_.on_body(*handshake_, bytes); }

    void on_message_end() override {
        head_done_ = true;
        parser_.pause();
    }

    /// Whether the connection is a WebSocket now.
    bool answer_handshake() {
        if (accepted_) {
            state_ = State::kOpen;
            events_.on_finished(*std::exchange(handshake_, nullptr), Cause::kOk);
            return true;
        }
        if (handshake_->status >= 400) return end_handshake(Cause::kOk);
        if (handshake_->status != kSwitchingProtocols) {
            handshake_->error = "Unexpected server response: " + std::to_string(handshake_->status);
        }
        return end_handshake(Cause::kProtocol);
    }

    bool end_handshake(Cause cause) {
        leave();
        events_.on_finished(*std::exchange(handshake_, nullptr), cause);
        return false;
    }

    void leave() {
        state_ = State::kOver;
        draining_ = true;
    }

    // -- Messages

    void take_output(std::string& out) {
        out.append(socket_.output());
        socket_.output().clear();
        has_output_ = false;
    }

    void on_message(http::WebSocketKind, std::string_view payload) override {
        if (awaiting_.empty()) return keep_early(payload);
        Exchange& exchange = *awaiting_.pop();
        give(exchange, payload);
        events_.on_finished(exchange, Cause::kOk);
    }

    void give(Exchange& exchange, std::string_view payload) {
        events_.on_first_byte(exchange);
        exchange.status = kSwitchingProtocols;
        events_.on_body(exchange, payload);
    }

    void keep_early(std::string_view payload) {
        if (early_.size() >= kMostEarly || early_bytes_ + payload.size() > kMostEarlyBytes)
            return events_.on_unasked_message();
        early_bytes_ += payload.size();
        early_.emplace_back(payload);
    }

    void hand_over_early() {
        Exchange& exchange = *awaiting_.pop();
        give(exchange, early_.front());
        early_bytes_ -= early_.front().size();
        early_.pop_front();
        events_.on_written(exchange);
    }

    /// What came before something is sent cannot be its answer.
    void drop_early() {
        for (; !early_.empty(); early_.pop_front()) events_.on_unasked_message();
        early_bytes_ = 0;
    }

    void on_ping(std::string_view) override { has_output_ = true; }

    /// After the closing handshake the server closes the connection first (section 7.1.1): until then it only
    /// takes nothing more.
    void on_closed(const http::WebSocketClosed& closed) override {
        if (state_ == State::kFresh || state_ == State::kHandshake) return;
        state_ = State::kOver;
        has_output_ = !socket_.output().empty();
        if (!closed.error.empty()) {
            draining_ = true;
            farewell_ = "WebSocket error: " + std::string(closed.error);
        } else if (closed.code == http::websocket_code::kAbnormal) {
            farewell_ = "WebSocket ended without a Close";
        } else {
            farewell_ = "WebSocket closed by the server: " + std::to_string(closed.code);
        }
        const Cause cause = closed.error.empty() ? Cause::kResetInflight : Cause::kProtocol;
        for (ExchangeQueue* queue : {&awaiting_, &to_send_}) {
            while (Exchange* exchange = queue->pop()) {
                exchange->error = farewell_;
                events_.on_finished(*exchange, cause);
            }
        }
    }

    SessionEvents& events_;
    http::Http1Parser parser_;
    Random random_;
    http::WebSocketSession socket_;
    State state_ = State::kFresh;
    Exchange* handshake_ = nullptr;
    ExchangeQueue to_send_;
    ExchangeQueue awaiting_;  // longest first
    std::deque<std::string> early_;
    std::size_t early_bytes_ = 0;
    std::string farewell_;
    bool handshake_sent_ = false;
    bool head_done_ = false;
    bool accepted_ = false;
    bool has_output_ = false;
    bool draining_ = false;
};

}  // namespace

std::unique_ptr<Session> make_websocket_session(SessionEvents& events, std::uint64_t seed) {
    return std::make_unique<ClientWebSocket>(events, seed);
}

}  // namespace loadgen::engine
