// The server side of an HTTP/2 connection (RFC 9113) on nghttp2. Internal: everyone else knows it as a
// ServerSession from make_http2_session.
#pragma once

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/http/server_session.hpp"

namespace loadgen::http::detail {

/// One exchange.
struct Http2Stream {
    Request request;
    Response response;
    std::size_t header_bytes = 0;  // as SETTINGS_MAX_HEADER_LIST_SIZE counts them
    std::size_t sent = 0;          // of response.body
    bool request_complete = false;
    bool handed_out = false;
    bool answered = false;
    bool too_large = false;  // the header list
    bool head_only = false;  // the method is HEAD
    bool open = false;       // the body is streamed and more of it may come
};

/// A session is one nghttp2 session; its streams are owned here, keyed by id.
class Http2ServerSession final : public ServerSession {
  public:
    Http2ServerSession(RequestHandler& handler, ServerOptions options);
    ~Http2ServerSession() override { nghttp2_session_del(session_); }
    Http2ServerSession(const Http2ServerSession&) = delete;
    Http2ServerSession& operator=(const Http2ServerSession&) = delete;

    void feed(std::string_view bytes) override;
    void peer_closed() override;
    void connection_lost() override;
    bool wants_read() const override { return !wants_close(); }
    std::string_view output() override;
    void consume_output(std::size_t bytes) override;
    void respond(StreamId id, Response response) override;
    bool respond_streaming(StreamId id, Response head) override;
    Written write(StreamId id, std::string_view bytes) override;
    void finish(StreamId id) override;
    void abort(StreamId id) override;
    std::size_t pending_bytes(StreamId id) const override;
    void begin_drain() override;
    bool wants_close() const override;
    bool idle() const override;
    std::size_t in_flight() const override { return in_flight_; }
    std::string_view error() const override { return error_; }

  private:
    static constexpr std::array<std::uint8_t, 8> kDrainPing = {'d', 'r', 'a', 'i', 'n', 'i', 'n', 'g'};

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

    Http2Stream* find(std::int64_t id);
    Http2Stream* find_open(StreamId id);
    void cancel(bool streamed_only);
    void on_request_head(std::int32_t id, Http2Stream& stream);
    void hand_out(std::int32_t id, Http2Stream& stream);
    void refuse(std::int32_t id, Http2Stream& stream, int status, std::string_view why);
    bool submit(std::int32_t id, Http2Stream& stream);
    void fail(std::string_view why);

    RequestHandler& handler_;
    ServerOptions options_;
    nghttp2_session* session_ = nullptr;
    std::unordered_map<std::int32_t, Http2Stream> streams_;
    std::size_t in_flight_ = 0;
    std::size_t buffered_ = 0;  // bytes of incomplete bodies
    std::string output_;
    std::size_t sent_ = 0;  // of output_
    bool draining_ = false;
    bool failed_ = false;
    bool read_closed_ = false;
    std::string error_;
};

}  // namespace loadgen::http::detail
