#include <algorithm>
#include <utility>
#include <vector>

#include "common/http/detail/http2_server_session.hpp"

namespace loadgen::http {
namespace detail {
namespace {

constexpr std::int32_t kStreamWindow = 256 * 1024;
constexpr std::int32_t kConnectionWindow = 1024 * 1024;
constexpr std::size_t kOutputBatch = 64 * 1024;

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

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

Http2Stream* Http2ServerSession::find(std::int64_t id) {
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
    cancel(false);
    streams_.clear();
}

void Http2ServerSession::peer_closed() {
    read_closed_ = true;
    // Nobody who has ended the connection will open its windows again: what is streamed has lost its reader.
    cancel(true);
}

/// Tells the handler about the requests whose answers nobody will hear.
void Http2ServerSession::cancel(bool streamed_only) {
    std::vector<std::int32_t> cancelled;
    for (auto& [id, stream] : streams_) {
        const bool waiting = stream.handed_out && !stream.answered && !streamed_only;
        if (!waiting && !stream.open) continue;
        cancelled.push_back(id);
        stream.open = false;
        stream.answered = true;
    }
    in_flight_ -= cancelled.size();
    for (const std::int32_t id : cancelled) handler_.on_cancel(*this, static_cast<StreamId>(id));
}

void Http2ServerSession::begin_drain() {
    if (draining_ || failed_) return;
    draining_ = true;
    nghttp2_submit_shutdown_notice(session_);
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, kDrainPing.data());
}

}  // namespace detail

std::unique_ptr<ServerSession> make_http2_session(RequestHandler& handler, ServerOptions options) {
    return std::make_unique<detail::Http2ServerSession>(handler, std::move(options));
}

}  // namespace loadgen::http
