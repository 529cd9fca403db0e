// HTTP/2 (RFC 9113), client side, on nghttp2.
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "loadgen/engine/exchanges/compiled_request.hpp"
#include "loadgen/engine/sessions/session.hpp"
#include "loadgen/engine/sessions/slab_memory.hpp"

namespace loadgen::engine {
namespace {

constexpr std::size_t kMaxProduced = 64 * 1024;
constexpr std::int32_t kWindowBytes = (1 << 30) - 1;  // never the bottleneck of a measurement
constexpr std::uint32_t kAssumedStreams = 100;        // until the peer's SETTINGS arrive

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

nghttp2_nv field(std::string_view name, std::string_view value, std::uint8_t flags) {
    // nghttp2 asks for mutable pointers but, with the no-copy flags, only reads through them.
    const auto mutable_bytes = [](std::string_view text) {
        return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
    };
    return {mutable_bytes(name), mutable_bytes(value), name.size(), value.size(), flags};
}

class Http2Session final : public Session {
  public:
    Http2Session(SessionEvents& events, const SessionOptions& options) : events_(events), options_(options) {
        nghttp2_option* settings = nullptr;
        nghttp2_option_new(&settings);
        nghttp2_option_set_no_closed_streams(settings, 1);
        nghttp2_option_set_peer_max_concurrent_streams(settings, kAssumedStreams);
        nghttp2_session_client_new3(&session_, callbacks(), this, settings, thread_slab_memory());
        nghttp2_option_del(settings);
        const std::array<nghttp2_settings_entry, 2> entries{
            {{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
             {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<std::uint32_t>(kWindowBytes)}}};
        nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, entries.data(), entries.size());
        nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kWindowBytes);
    }

    ~Http2Session() override { nghttp2_session_del(session_); }

    std::size_t free_streams() const override {
        if (draining()) return 0;
        const std::uint32_t peer =
            nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
        const std::size_t allowed = std::min<std::size_t>(options_.streams, peer);
        return allowed > active_.size() ? allowed - active_.size() : 0;
    }

    std::size_t in_flight() const override { return active_.size(); }

    bool settled() const override { return settled_; }

    bool draining() const override {
        return draining_ || goaway_ || nghttp2_session_check_request_allowed(session_) == 0;
    }

    void submit(Exchange& exchange, bool last) override {
        build_fields(exchange);
        exchange.answered = false;
        nghttp2_data_provider body{{.ptr = nullptr}, read_body};
        const bool has_body = !exchange.request->body().empty();
        exchange.stream_id = nghttp2_submit_request(session_, nullptr, fields_.data(), fields_.size(),
                                                    has_body ? &body : nullptr, &exchange);
        exchange.slot = static_cast<std::uint32_t>(active_.size());
        active_.push_back(&exchange);
        if (last) draining_ = true;
        if (!has_body) events_.on_written(exchange);
    }

    void cancel(Exchange& exchange) override {
        nghttp2_session_set_stream_user_data(session_, exchange.stream_id, nullptr);
        nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, exchange.stream_id, NGHTTP2_CANCEL);
        forget(exchange);
    }

    bool receive(std::string_view bytes) override {
        const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
        const ssize_t taken = nghttp2_session_mem_recv(session_, data, bytes.size());
        if (taken >= 0 && nghttp2_session_want_read(session_) + nghttp2_session_want_write(session_) > 0)
            return true;
        const bool orderly = taken >= 0;
        draining_ = true;
        finish_all(orderly ? Cause::kResetInflight : Cause::kProtocol,
                   orderly ? "" : nghttp2_strerror(static_cast<int>(taken)));
        return false;
    }

    void end(EndOfInput) override {
        draining_ = true;
        if (broken_) return finish_all(Cause::kProtocol, "the peer broke HTTP/2");
        finish_all(goaway_ ? Cause::kGoawayLost : Cause::kResetInflight, "");
    }

    bool wants_write() const override { return nghttp2_session_want_write(session_) != 0; }

    void produce(std::string& out) override {
        const std::size_t limit = out.size() + kMaxProduced;
        while (out.size() < limit) {
            const std::uint8_t* data = nullptr;
            const ssize_t size = nghttp2_session_mem_send(session_, &data);
            if (size <= 0) break;
            out.append(view(data, static_cast<std::size_t>(size)));
        }
        if (broken_) finish_all(Cause::kProtocol, "the peer broke HTTP/2");
    }

  private:
    // -- Requests

    void build_fields(const Exchange& exchange) {
        constexpr std::uint8_t kNoCopy = NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE;
        fields_.clear();
        for (const http::Header& header : exchange.request->http2_fields()) {
            fields_.push_back(field(header.name, header.value, kNoCopy));
        }
        // What differs from request to request is copied by nghttp2 (the buffers are reused), and kept out of
        // the dynamic table, which it would only churn.
        constexpr std::uint8_t kPassing = NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_INDEX;
        if (exchange.trace.valid() && !exchange.request->has_traceparent()) {
            write_traceparent(traceparent_, exchange.trace);
            fields_.push_back(field("traceparent", {traceparent_.data(), traceparent_.size()}, kPassing));
        }
        if (!exchange.request->sequence_header()) return;
        const auto end =
            std::to_chars(sequence_.data(), sequence_.data() + sequence_.size(), exchange.sequence).ptr;
        fields_.push_back(field(
            "x-vegeta-seq", {sequence_.data(), static_cast<std::size_t>(end - sequence_.data())}, kPassing));
    }

    static ssize_t read_body(nghttp2_session*, std::int32_t stream_id, std::uint8_t* buffer, std::size_t size,
                             std::uint32_t* flags, nghttp2_data_source*, void* self) {
        Exchange* uploading = of(self).exchange_of(stream_id);
        if (uploading == nullptr)
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // over on our side: resets the stream
        Exchange& exchange = *uploading;
        const std::string_view rest = exchange.request->body().substr(exchange.bytes_out);
        const std::size_t part = std::min(size, rest.size());
        std::copy_n(rest.data(), part, reinterpret_cast<char*>(buffer));
        exchange.bytes_out += part;
        if (part == rest.size()) {
            *flags |= NGHTTP2_DATA_FLAG_EOF;
            of(self).events_.on_written(exchange);
        }
        return static_cast<ssize_t>(part);
    }

    // -- Responses

    static const nghttp2_session_callbacks* callbacks() {
        static const nghttp2_session_callbacks* shared = [] {
            nghttp2_session_callbacks* made = nullptr;
            nghttp2_session_callbacks_new(&made);
            nghttp2_session_callbacks_set_on_begin_headers_callback(made, on_begin_headers);
            nghttp2_session_callbacks_set_on_header_callback(made, on_header);
            nghttp2_session_callbacks_set_on_data_chunk_recv_callback(made, on_data);
            nghttp2_session_callbacks_set_on_frame_recv_callback(made, on_frame);
            nghttp2_session_callbacks_set_on_stream_close_callback(made, on_stream_close);
            nghttp2_session_callbacks_set_on_frame_send_callback(made, on_frame_sent);
            nghttp2_session_callbacks_set_on_frame_not_send_callback(made, on_frame_not_sent);
            return made;
        }();
        return shared;
    }

    static Http2Session& of(void* self) { return *static_cast<Http2Session*>(self); }

    /// The exchange of a stream, or nullptr. Frames come in runs of one stream, so the last answer is kept:
    /// it spares a look-up in nghttp2's map for every header field.
    Exchange* exchange_of(std::int32_t stream_id) {
        if (stream_id != known_stream_) {
            known_exchange_ =
                static_cast<Exchange*>(nghttp2_session_get_stream_user_data(session_, stream_id));
            known_stream_ = stream_id;
        }
        return known_exchange_;
    }

    static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* self) {
        Exchange* exchange = of(self).exchange_of(frame->hd.stream_id);
        if (exchange != nullptr && !exchange->has_first_byte) of(self).events_.on_first_byte(*exchange);
        return 0;
    }

    static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                         std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                         std::uint8_t, void* self) {
        Exchange* exchange = of(self).exchange_of(frame->hd.stream_id);
        if (exchange == nullptr) return 0;
        const http::HeaderView header{view(name, name_size), view(value, value_size)};
        if (name[0] == ':') {  // :status comes first and is the only one (RFC 9113 section 8.3.2)
            std::from_chars(header.value.data(), header.value.data() + header.value.size(), exchange->status);
            of(self).wants_headers_ = of(self).events_.wants_headers(*exchange);
        } else if (of(self).wants_headers_) {
            of(self).events_.on_header(*exchange, header);
        }
        return 0;
    }

    static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream_id, const std::uint8_t* data,
                       std::size_t size, void* self) {
        Exchange* exchange = of(self).exchange_of(stream_id);
        if (exchange != nullptr) of(self).events_.on_body(*exchange, view(data, size));
        return 0;
    }

    static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
        if (frame->hd.type == NGHTTP2_GOAWAY) of(self).goaway_ = true;
        if (frame->hd.type == NGHTTP2_SETTINGS)
            of(self).settled_ |= (frame->hd.flags & NGHTTP2_FLAG_ACK) == 0;
        if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
        Exchange* exchange = of(self).exchange_of(frame->hd.stream_id);
        if (exchange == nullptr) return 0;
        if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
            exchange->answered = true;
        } else if (exchange->status < 200) {  // 1xx: the final head is still to come
            exchange->has_first_byte = false;
            exchange->status = 0;
        }
        return 0;
    }

    static int on_stream_close(nghttp2_session*, std::int32_t stream_id, std::uint32_t error_code,
                               void* self) {
        Exchange* exchange = of(self).exchange_of(stream_id);
        if (exchange == nullptr) return 0;
        of(self).forget(*exchange);
        of(self).events_.on_finished(*exchange, of(self).cause_of(*exchange, error_code));
        return 0;
    }

    // nghttp2 leaves with an error when the peer broke the protocol; it then no longer speaks of the streams.
    static int on_frame_sent(nghttp2_session*, const nghttp2_frame* frame, void* self) {
        if (frame->hd.type != NGHTTP2_GOAWAY || frame->goaway.error_code == NGHTTP2_NO_ERROR) return 0;
        of(self).broken_ = of(self).draining_ = true;
        return 0;
    }

    // A request that was still queued when GOAWAY came is told of here.
    static int on_frame_not_sent(nghttp2_session*, const nghttp2_frame* frame, int error, void* self) {
        if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
        auto& active = of(self).active_;
        const auto found = std::find_if(active.begin(), active.end(), [&](const Exchange* exchange) {
            return exchange->stream_id == frame->hd.stream_id;
        });
        if (found == active.end()) return 0;
        Exchange& exchange = **found;
        // nghttp2 closes the stream as well, right after this call.
        nghttp2_session_set_stream_user_data(of(self).session_, frame->hd.stream_id, nullptr);
        exchange.error.assign("not sent: ").append(nghttp2_strerror(error));
        of(self).forget(exchange);
        of(self).events_.on_finished(exchange, Cause::kH2Retryable);
        return 0;
    }

    Cause cause_of(Exchange& exchange, std::uint32_t error_code) const {
        if (error_code == NGHTTP2_NO_ERROR && exchange.answered) return Cause::kOk;
        exchange.error.assign("stream closed: ").append(nghttp2_http2_strerror(error_code));
        // nghttp2 reports streams above GOAWAY's last-stream-id with this code too (RFC 9113 section 6.8).
        if (error_code == NGHTTP2_REFUSED_STREAM) return Cause::kH2Retryable;
        if (error_code == NGHTTP2_PROTOCOL_ERROR) return Cause::kProtocol;
        return goaway_ ? Cause::kGoawayLost : Cause::kResetInflight;
    }

    void forget(Exchange& exchange) {
        known_stream_ = 0;
        active_.back()->slot = exchange.slot;
        active_[exchange.slot] = active_.back();
        active_.pop_back();
    }

    void finish_all(Cause cause, std::string_view error) {
        known_stream_ = 0;
        while (!active_.empty()) {
            Exchange& exchange = *active_.back();
            nghttp2_session_set_stream_user_data(session_, exchange.stream_id, nullptr);
            active_.pop_back();
            exchange.error.assign(error);
            events_.on_finished(exchange, cause);
        }
    }

    SessionEvents& events_;
    SessionOptions options_;
    nghttp2_session* session_ = nullptr;
    std::vector<Exchange*> active_;
    std::vector<nghttp2_nv> fields_;
    std::array<char, 20> sequence_{};
    TraceparentText traceparent_{};
    std::int32_t known_stream_ = 0;  // 0 is no request's stream
    Exchange* known_exchange_ = nullptr;
    bool wants_headers_ = false;  // of the head being received
    bool settled_ = false;
    bool goaway_ = false;
    bool broken_ = false;  // the peer's bytes were no HTTP/2, and we have told it so
    bool draining_ = false;
};

}  // namespace

std::unique_ptr<Session> make_http2_session(SessionEvents& events, const SessionOptions& options) {
    return std::make_unique<Http2Session>(events, options);
}

}  // namespace loadgen::engine
