// HTTP/1.1 (RFC 9112), one exchange at a time: load is measured without pipelining, as clients in the field
// send it.
#include <algorithm>
#include <array>
#include <charconv>

#include "common/http/http1_parser.hpp"
#include "loadgen/engine/exchanges/compiled_request.hpp"
#include "loadgen/engine/sessions/session.hpp"

namespace loadgen::engine {
namespace {

constexpr std::size_t kMaxProduced = 64 * 1024;

class Http1Session final : public Session, private http::Http1Events {
  public:
    explicit Http1Session(SessionEvents& events)
        : events_(events), parser_(http::Http1Parser::Mode::kResponse, *this) {}

    std::size_t free_streams() const override { return current_ == nullptr && !draining_ ? 1 : 0; }
    std::size_t in_flight() const override { return current_ != nullptr ? 1 : 0; }
    bool settled() const override { return true; }
    bool draining() const override { return draining_; }

    void submit(Exchange& exchange, bool last) override {
        current_ = &exchange;
        last_ = last;
        head_sent_ = false;
        body_sent_ = 0;
        request_sent_ = false;
        parser_.expect(exchange.request->parser_method());
    }

    void cancel(Exchange&) override {
        current_ = nullptr;
        draining_ = true;  // the late answer could not be told from the next one
    }

    bool receive(std::string_view bytes) override {
        if (current_ == nullptr) {
            draining_ = true;  // nobody asked; often a 408 or 400 before the peer closes
            return bytes.empty();
        }
        if (!current_->has_first_byte) events_.on_first_byte(*current_);
        parser_.resume();
        const std::size_t consumed = parser_.feed(bytes);
        if (parser_.error() != http::Http1Error::kNone) return broken();
        if (message_done_) {
            if (consumed < bytes.size())
                draining_ = true;  // bytes beyond the response: never reuse such a peer
            complete();
        }
        return true;
    }

    void end(EndOfInput how) override {
        draining_ = true;
        if (current_ == nullptr) return;
        if (how == EndOfInput::kClosed) parser_.finish();
        if (message_done_) return complete();
        const bool in_body = current_->status != 0;
        finish(how == EndOfInput::kClosed && in_body ? Cause::kTruncated : Cause::kResetInflight);
    }

    bool wants_write() const override { return current_ != nullptr && !request_sent_; }

    void produce(std::string& out) override {
        const CompiledRequest& request = *current_->request;
        if (!head_sent_) {
            request.append_http1_head(out, current_->sequence, current_->trace, last_);
            head_sent_ = true;
        }
        const std::string_view rest = request.body().substr(body_sent_);
        const std::string_view part = rest.substr(0, kMaxProduced);
        if (request.chunked_body()) {
            append_chunk(out, part);
        } else {
            out.append(part);
        }
        body_sent_ += part.size();
        if (body_sent_ < request.body().size()) return;
        if (request.chunked_body()) out.append("0\r\n\r\n");
        request_sent_ = true;
        current_->bytes_out = body_sent_;
        events_.on_written(*current_);
    }

  private:
    static void append_chunk(std::string& out, std::string_view part) {
        std::array<char, 16> size;
        const auto end = std::to_chars(size.data(), size.data() + size.size(), part.size(), 16).ptr;
        out.append(size.data(), static_cast<std::size_t>(end - size.data())).append("\r\n");
        out.append(part).append("\r\n");
    }

    void on_interim(const http::Http1Head&) override { current_->has_first_byte = false; }

    void on_head(const http::Http1Head& head) override {
        if (!current_->has_first_byte) events_.on_first_byte(*current_);
        current_->status = head.status;
        if (!head.keep_alive || head.upgrade) draining_ = true;
        if (!events_.wants_headers(*current_)) return;
        for (const http::HeaderView& header : head.headers) events_.on_header(*current_, header);
    }

    void on_body(std::string_view bytes) override { events_.on_body(*current_, bytes); }

    void on_message_end() override {
        message_done_ = true;
        parser_.pause();  // what follows is nobody's answer yet
    }

    void complete() {
        message_done_ = false;
        if (last_ || !request_sent_)
            draining_ = true;  // an answer before the whole request: the rest is moot
        finish(Cause::kOk);
    }

    bool broken() {
        draining_ = true;
        current_->error.assign(http::http1_error_text(parser_.error()));
        finish(Cause::kProtocol);
        return false;
    }

    void finish(Cause cause) {
        Exchange& finished = *current_;
        current_ = nullptr;
        events_.on_finished(finished, cause);
    }

    SessionEvents& events_;
    http::Http1Parser parser_;
    Exchange* current_ = nullptr;
    std::size_t body_sent_ = 0;
    bool last_ = false;
    bool head_sent_ = false;
    bool request_sent_ = false;
    bool message_done_ = false;
    bool draining_ = false;
};

}  // namespace

std::unique_ptr<Session> make_http1_session(SessionEvents& events, const SessionOptions&) {
    return std::make_unique<Http1Session>(events);
}

}  // namespace loadgen::engine
