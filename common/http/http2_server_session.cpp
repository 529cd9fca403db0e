// The server side of an HTTP/2 connection (RFC 9113) on nghttp2, which stays inside this file.
#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/http/http1_writer.hpp"
#include "common/http/server_session.hpp"

namespace loadgen::http {
namespace {

constexpr std::int32_t kStreamWindow = 256 * 1024;
constexpr std::int32_t kConnectionWindow = 1024 * 1024;
constexpr std::size_t kOutputBatch = 64 * 1024;
constexpr std::array<std::uint8_t, 8> kDrainPing = {'d', 'r', 'a', 'i', 'n', 'i', 'n', 'g'};

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

std::uint8_t* mutable_bytes(std::string_view text) {
    // nghttp2_nv lacks const; the library copies the bytes and doesn't write to them.
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

nghttp2_nv name_value(std::string_view name, std::string_view value, bool secret = false) {
    const auto flags = secret ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
    return {mutable_bytes(name), mutable_bytes(value), name.size(), value.size(),
            static_cast<std::uint8_t>(flags)};
}

void lower_case(std::string& text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    }
}

/// RFC 9113 section 8.2.2, and the length, which the session states itself.
bool belongs_to_connection(std::string_view name) {
    constexpr std::array<std::string_view, 7> kNames = {
        "connection",        "content-length", "keep-alive", "proxy-connection",
        "transfer-encoding", "upgrade",        "te"};
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::string_view trimmed(std::string_view value) {
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    return value;
}

bool can_be_sent(const Response& response) {
    return response.status >= 200 && response.status <= 599 &&
           std::all_of(response.headers.begin(), response.headers.end(), [](const Header& header) {
               return is_valid_field_name(header.name) && is_valid_field_value(header.value);
           });
}

struct Stream {
    Request request;
    Response response;
    std::size_t header_bytes = 0;  // as SETTINGS_MAX_HEADER_LIST_SIZE counts them
    std::size_t sent = 0;          // of response.body
    bool request_complete = false;
    bool handed_out = false;
    bool answered = false;
    bool too_large = false;  // the header list
    bool head_only = false;  // the method is HEAD
};

/// A session is one nghttp2 session; its streams are owned here, keyed by id.
class Http2ServerSession final : public ServerSession {
  public:
    Http2ServerSession(RequestHandler& handler, ServerOptions options);
    ~Http2ServerSession() override { nghttp2_session_del(session_); }
    Http2ServerSession(const Http2ServerSession&) = delete;
    Http2ServerSession& operator=(const Http2ServerSession&) = delete;

    void feed(std::string_view bytes) override;
    void peer_closed() override { read_closed_ = true; }
    void connection_lost() override;
    bool wants_read() const override { return !wants_close(); }
    std::string_view output() override;
    void consume_output(std::size_t bytes) override;
    void respond(StreamId id, Response response) override;
    void begin_drain() override;
    bool wants_close() const override;
    bool idle() const override;
    std::size_t in_flight() const override { return in_flight_; }
    std::string_view error() const override { return error_; }

  private:
    static Http2ServerSession& self(void* user_data) { return *static_cast<Http2ServerSession*>(user_data); }
    static nghttp2_session_callbacks* make_callbacks();
    static nghttp2_option* make_options();

    int on_begin_headers(const nghttp2_frame& frame);
    int on_header(const nghttp2_frame& frame, std::string_view name, std::string_view value);
    int on_frame(const nghttp2_frame& frame);
    int on_frame_sent(const nghttp2_frame& frame);
    int on_data(std::int32_t id, std::string_view bytes);
    int on_stream_close(std::int32_t id);
    static ssize_t read_body(nghttp2_session*, std::int32_t id, std::uint8_t* buffer, std::size_t size,
                             std::uint32_t* flags, nghttp2_data_source*, void* user_data);

    Stream* find(std::int64_t id);
    void on_request_head(std::int32_t id, Stream& stream);
    void hand_out(std::int32_t id, Stream& stream);
    void refuse(std::int32_t id, Stream& stream, int status, std::string_view why);
    void submit(std::int32_t id, Stream& stream);
    void fail(std::string_view why);

    RequestHandler& handler_;
    ServerOptions options_;
    nghttp2_session* session_ = nullptr;
    std::unordered_map<std::int32_t, Stream> streams_;
    std::size_t in_flight_ = 0;
    std::size_t buffered_ = 0;  // bytes of incomplete bodies
    std::string output_;
    std::size_t sent_ = 0;  // of output_
    bool draining_ = false;
    bool failed_ = false;
    bool read_closed_ = false;
    std::string error_;
};

Http2ServerSession::Http2ServerSession(RequestHandler& handler, ServerOptions options)
    : handler_(handler), options_(std::move(options)) {
    nghttp2_session_callbacks* callbacks = make_callbacks();
    nghttp2_option* option = make_options();
    if (nghttp2_session_server_new2(&session_, callbacks, this, option) != 0) fail("out of memory");
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_option_del(option);
    if (failed_) return;
    const std::array<nghttp2_settings_entry, 3> settings = {{
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, options_.max_concurrent_streams},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, options_.head.max_head_bytes},
    }};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
}

nghttp2_option* Http2ServerSession::make_options() {
    nghttp2_option* option = nullptr;
    nghttp2_option_new(&option);
    nghttp2_option_set_no_closed_streams(option, 1);
    return option;
}

nghttp2_session_callbacks* Http2ServerSession::make_callbacks() {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_begin_headers_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
            return self(user).on_begin_headers(*frame);
        });
    nghttp2_session_callbacks_set_on_header_callback(
        callbacks,
        [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
           const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
            return self(user).on_header(*frame, view(name, name_size), view(value, value_size));
        });
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        callbacks,
        [](nghttp2_session*, const nghttp2_frame* frame, void* user) { return self(user).on_frame(*frame); });
    nghttp2_session_callbacks_set_on_frame_send_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* user) {
            return self(user).on_frame_sent(*frame);
        });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        callbacks, [](nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                      std::size_t size, void* user) { return self(user).on_data(id, view(bytes, size)); });
    nghttp2_session_callbacks_set_on_stream_close_callback(
        callbacks, [](nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
            return self(user).on_stream_close(id);
        });
    return callbacks;
}

void Http2ServerSession::fail(std::string_view why) {
    failed_ = true;
    if (error_.empty()) error_ = why;
}

Stream* Http2ServerSession::find(std::int64_t id) {
    if (id <= 0 || id > INT32_MAX) return nullptr;
    const auto found = streams_.find(static_cast<std::int32_t>(id));
    return found == streams_.end() ? nullptr : &found->second;
}

// ---- bytes ----

void Http2ServerSession::feed(std::string_view bytes) {
    if (failed_) return;
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    const ssize_t read = nghttp2_session_mem_recv(session_, data, bytes.size());
    if (read < 0) fail(nghttp2_strerror(static_cast<int>(read)));
}

std::string_view Http2ServerSession::output() {
    // The library hands out one frame at a time: gather them, or each would be a system call and a packet.
    while (!failed_ && output_.size() - sent_ < kOutputBatch) {
        const std::uint8_t* data = nullptr;
        const ssize_t size = nghttp2_session_mem_send(session_, &data);
        if (size < 0) fail(nghttp2_strerror(static_cast<int>(size)));
        if (size <= 0) break;
        output_.append(view(data, static_cast<std::size_t>(size)));
    }
    return std::string_view(output_).substr(sent_);
}

void Http2ServerSession::consume_output(std::size_t bytes) {
    sent_ += std::min(bytes, output_.size() - sent_);
    if (sent_ == output_.size()) {
        output_ = {};  // idle connections keep no buffer
        sent_ = 0;
    } else if (sent_ >= kOutputBatch) {
        output_.erase(0, sent_);
        sent_ = 0;
    }
}

bool Http2ServerSession::wants_close() const {
    if (failed_) return true;
    if (nghttp2_session_want_write(session_) != 0) return false;
    return nghttp2_session_want_read(session_) == 0 || (read_closed_ && in_flight_ == 0);
}

bool Http2ServerSession::idle() const {
    return streams_.empty() && output_.empty() && (failed_ || nghttp2_session_want_write(session_) == 0);
}

void Http2ServerSession::connection_lost() {
    fail("the connection was lost");
    std::vector<std::int32_t> cancelled;
    for (const auto& [id, stream] : streams_) {
        if (stream.handed_out && !stream.answered) cancelled.push_back(id);
    }
    streams_.clear();
    in_flight_ = 0;
    for (const std::int32_t id : cancelled) handler_.on_cancel(*this, static_cast<StreamId>(id));
}

void Http2ServerSession::begin_drain() {
    if (draining_ || failed_) return;
    draining_ = true;
    nghttp2_submit_shutdown_notice(session_);
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, kDrainPing.data());
}

// ---- requests ----

int Http2ServerSession::on_begin_headers(const nghttp2_frame& frame) {
    if (frame.hd.type == NGHTTP2_HEADERS && frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
        streams_[frame.hd.stream_id].request.version = Version::kHttp2;
    }
    return 0;
}

int Http2ServerSession::on_header(const nghttp2_frame& frame, std::string_view name, std::string_view value) {
    Stream* stream = find(frame.hd.stream_id);
    if (stream == nullptr || stream->answered) return 0;
    stream->header_bytes += name.size() + value.size() + 32;  // RFC 9113 section 6.5.2
    if (stream->header_bytes > options_.head.max_head_bytes) {
        stream->too_large = true;
        return 0;
    }
    Request& request = stream->request;
    if (name == ":method") {
        request.method = value;
    } else if (name == ":path") {
        request.target = value;
    } else if (name == ":scheme") {
        request.scheme = value;
    } else if (name == ":authority") {
        request.authority = value;
    } else if (frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
        if (name == "host" && request.authority.empty()) request.authority = value;
        request.headers.push_back({std::string(name), std::string(value)});
    } else {
        request.trailers.push_back({std::string(name), std::string(value)});
    }
    stream->too_large |= request.headers.size() + request.trailers.size() > options_.head.max_headers;
    return 0;
}

int Http2ServerSession::on_frame(const nghttp2_frame& frame) {
    if (frame.hd.type == NGHTTP2_PING && (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0) {
        // The peer has seen the notice, so every stream it opened before that has arrived.
        if (draining_ && std::memcmp(frame.ping.opaque_data, kDrainPing.data(), kDrainPing.size()) == 0) {
            nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                                  nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                                  nullptr, 0);
        }
        return 0;
    }
    if (frame.hd.type != NGHTTP2_HEADERS && frame.hd.type != NGHTTP2_DATA) return 0;
    const std::int32_t id = frame.hd.stream_id;
    Stream* stream = find(id);
    if (stream == nullptr) return 0;
    if ((frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) stream->request_complete = true;
    if (frame.hd.type == NGHTTP2_HEADERS) on_request_head(id, *stream);  // or trailers: the limits hold too
    if (stream->request_complete && !stream->answered) hand_out(id, *stream);
    return 0;
}

void Http2ServerSession::on_request_head(std::int32_t id, Stream& stream) {
    if (stream.answered) return;
    if (stream.too_large) return refuse(id, stream, 431, "the headers exceed the size limit");
    if (stream.request.method == "CONNECT") return refuse(id, stream, 501, "CONNECT is not offered");
    if (stream.request_complete) return;
    const Header* length = find_header(stream.request.headers, "content-length");
    // nghttp2 has checked that it is one number; longer than 18 digits would not fit below.
    if (length != nullptr &&
        (length->value.size() > 18 || std::stoull(length->value) > options_.max_body_bytes)) {
        return refuse(id, stream, 413, "the body exceeds the size limit");
    }
    const Header* expect = find_header(stream.request.headers, "expect");
    if (expect != nullptr && equal_name(expect->value, "100-continue")) {
        const nghttp2_nv status = name_value(":status", "100");
        nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, id, nullptr, &status, 1, nullptr);
    }
}

int Http2ServerSession::on_data(std::int32_t id, std::string_view bytes) {
    Stream* stream = find(id);
    if (stream == nullptr || stream->answered) return 0;
    if (bytes.size() > options_.max_body_bytes - stream->request.body.size()) {
        refuse(id, *stream, 413, "the body exceeds the size limit");
    } else if (buffered_ + bytes.size() > options_.max_buffered_bytes) {
        refuse(id, *stream, 503, "too many request bodies at once");
    } else {
        buffered_ += bytes.size();
        stream->request.body.append(bytes);
    }
    return 0;
}

void Http2ServerSession::hand_out(std::int32_t id, Stream& stream) {
    buffered_ -= stream.request.body.size();
    stream.handed_out = true;
    stream.head_only = stream.request.method == "HEAD";
    ++in_flight_;
    handler_.on_request(*this, static_cast<StreamId>(id), std::exchange(stream.request, {}));
}

int Http2ServerSession::on_stream_close(std::int32_t id) {
    const auto found = streams_.find(id);
    if (found == streams_.end()) return 0;
    const bool cancelled = found->second.handed_out && !found->second.answered;
    buffered_ -= found->second.request.body.size();  // empty once handed out or refused
    streams_.erase(found);
    if (cancelled) {
        --in_flight_;
        handler_.on_cancel(*this, static_cast<StreamId>(id));
    }
    return 0;
}

// ---- responses ----

void Http2ServerSession::respond(StreamId id, Response response) {
    Stream* stream = find(static_cast<std::int64_t>(id));
    if (stream == nullptr || !stream->handed_out || stream->answered) return;
    --in_flight_;
    stream->response = std::move(response);
    submit(static_cast<std::int32_t>(id), *stream);
}

void Http2ServerSession::refuse(std::int32_t id, Stream& stream, int status, std::string_view why) {
    buffered_ -= stream.request.body.size();
    stream.head_only = stream.request.method == "HEAD";
    stream.request = {};
    stream.response = {status, {{"content-type", "text/plain; charset=utf-8"}}, std::string(why) + "\n"};
    submit(id, stream);
}

void Http2ServerSession::submit(std::int32_t id, Stream& stream) {
    stream.answered = true;
    Response& response = stream.response;
    if (!can_be_sent(response)) {
        error_ = "a handler's response could not be sent as HTTP";
        response = Response{500, {}, {}};
    }
    const bool bodiless = response.status == 204 || response.status == 304;
    const std::string status = std::to_string(response.status);
    const std::string length = std::to_string(response.body.size());
    const std::string_view date = options_.date ? options_.date() : std::string_view{};
    std::vector<nghttp2_nv> fields = {name_value(":status", status)};
    bool dated = date.empty() || !is_valid_field_value(date);
    const Header* stated = nullptr;
    for (Header& header : response.headers) {
        lower_case(header.name);
        if (header.name == "content-length") stated = &header;
        if (belongs_to_connection(header.name)) continue;
        dated |= header.name == "date";
        fields.push_back(name_value(header.name, trimmed(header.value), header.name == "set-cookie"));
    }
    if (!dated) fields.push_back(name_value("date", date));
    const bool keeps_length = stream.head_only && response.body.empty() && stated != nullptr;
    if (!bodiless) fields.push_back(name_value("content-length", keeps_length ? stated->value : length));
    nghttp2_data_provider body{};
    body.read_callback = read_body;
    const bool has_body = !bodiless && !stream.head_only && !response.body.empty();
    const int failure =
        nghttp2_submit_response(session_, id, fields.data(), fields.size(), has_body ? &body : nullptr);
    if (failure != 0) fail(nghttp2_strerror(failure));
}

ssize_t Http2ServerSession::read_body(nghttp2_session*, std::int32_t id, std::uint8_t* buffer,
                                      std::size_t size, std::uint32_t* flags, nghttp2_data_source*,
                                      void* user_data) {
    Stream* stream = self(user_data).find(id);
    if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const std::string& body = stream->response.body;
    const std::size_t taken = std::min(size, body.size() - stream->sent);
    std::memcpy(buffer, body.data() + stream->sent, taken);
    stream->sent += taken;
    if (stream->sent == body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(taken);
}

int Http2ServerSession::on_frame_sent(const nghttp2_frame& frame) {
    if (frame.hd.type == NGHTTP2_GOAWAY && frame.goaway.error_code != NGHTTP2_NO_ERROR && error_.empty()) {
        error_ = std::string("HTTP/2 ") + nghttp2_http2_strerror(frame.goaway.error_code);
    }
    const bool ends = (frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA) &&
                      (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    Stream* stream = ends ? find(frame.hd.stream_id) : nullptr;
    if (stream != nullptr && !stream->request_complete) {
        // RFC 9113 section 8.1: an early answer; tell the client to stop sending the rest.
        nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, frame.hd.stream_id, NGHTTP2_NO_ERROR);
    }
    return 0;
}

}  // namespace

std::unique_ptr<ServerSession> make_http2_session(RequestHandler& handler, ServerOptions options) {
    return std::make_unique<Http2ServerSession>(handler, std::move(options));
}

}  // namespace loadgen::http
