// The streams of Http2ServerSession: requests that arrive and responses that leave.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "common/http/detail/http2_server_session.hpp"
#include "common/http/http1_writer.hpp"

namespace loadgen::http::detail {
namespace {

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

}  // namespace

// ---- requests ----

int Http2ServerSession::on_begin_headers(const nghttp2_frame& frame) {
    if (frame.hd.type == NGHTTP2_HEADERS && frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
        streams_[frame.hd.stream_id].request.version = Version::kHttp2;
    }
    return 0;
}

int Http2ServerSession::on_header(const nghttp2_frame& frame, std::string_view name, std::string_view value) {
    Http2Stream* stream = find(frame.hd.stream_id);
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
    Http2Stream* stream = find(id);
    if (stream == nullptr) return 0;
    if ((frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) stream->request_complete = true;
    if (frame.hd.type == NGHTTP2_HEADERS) on_request_head(id, *stream);  // or trailers: the limits hold too
    if (stream->request_complete && !stream->answered) hand_out(id, *stream);
    return 0;
}

void Http2ServerSession::on_request_head(std::int32_t id, Http2Stream& stream) {
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
    Http2Stream* stream = find(id);
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

void Http2ServerSession::hand_out(std::int32_t id, Http2Stream& stream) {
    buffered_ -= stream.request.body.size();
    stream.handed_out = true;
    stream.head_only = stream.request.method == "HEAD";
    ++in_flight_;
    handler_.on_request(*this, static_cast<StreamId>(id), std::exchange(stream.request, {}));
}

int Http2ServerSession::on_stream_close(std::int32_t id) {
    const auto found = streams_.find(id);
    if (found == streams_.end()) return 0;
    const Http2Stream& stream = found->second;
    const bool cancelled = stream.open || (stream.handed_out && !stream.answered);
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
    Http2Stream* stream = find(static_cast<std::int64_t>(id));
    if (stream == nullptr || !stream->handed_out || stream->answered) return;
    --in_flight_;
    stream->response = std::move(response);
    submit(static_cast<std::int32_t>(id), *stream);
}

bool Http2ServerSession::respond_streaming(StreamId id, Response head) {
    Http2Stream* stream = find(static_cast<std::int64_t>(id));
    if (stream == nullptr || !stream->handed_out || stream->answered) return false;
    head.body.clear();
    stream->response = std::move(head);
    stream->open = true;
    if (submit(static_cast<std::int32_t>(id), *stream)) return true;
    --in_flight_;
    return false;
}

Http2Stream* Http2ServerSession::find_open(StreamId id) {
    Http2Stream* stream = find(static_cast<std::int64_t>(id));
    return stream != nullptr && stream->open ? stream : nullptr;
}

ServerSession::Written Http2ServerSession::write(StreamId id, std::string_view bytes) {
    Http2Stream* stream = find_open(id);
    if (stream == nullptr) return Written::kGone;
    const std::size_t waiting = stream->response.body.size() - stream->sent;
    if (bytes.size() > options_.max_stream_bytes || waiting > options_.max_stream_bytes - bytes.size()) {
        return Written::kTooSlow;
    }
    if (bytes.empty()) return Written::kTaken;
    // Sent bytes are dropped once they are the larger part, so that each is moved at most once on average.
    if (stream->sent > waiting) {
        stream->response.body.erase(0, stream->sent);
        stream->sent = 0;
    }
    stream->response.body.append(bytes);
    nghttp2_session_resume_data(session_, static_cast<std::int32_t>(id));  // an error: it was not deferred
    return Written::kTaken;
}

void Http2ServerSession::finish(StreamId id) {
    Http2Stream* stream = find_open(id);
    if (stream == nullptr) return;
    stream->open = false;
    --in_flight_;
    nghttp2_session_resume_data(session_, static_cast<std::int32_t>(id));
}

void Http2ServerSession::abort(StreamId id) {
    Http2Stream* stream = find_open(id);
    if (stream == nullptr) return;
    stream->open = false;
    stream->response.body.clear();
    stream->sent = 0;
    --in_flight_;
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, static_cast<std::int32_t>(id),
                              NGHTTP2_INTERNAL_ERROR);
}

std::size_t Http2ServerSession::pending_bytes(StreamId id) const {
    const auto found = streams_.find(static_cast<std::int32_t>(id));
    if (found == streams_.end() || !found->second.open) return 0;
    return found->second.response.body.size() - found->second.sent;
}

void Http2ServerSession::refuse(std::int32_t id, Http2Stream& stream, int status, std::string_view why) {
    buffered_ -= stream.request.body.size();
    stream.head_only = stream.request.method == "HEAD";
    stream.request = {};
    stream.response = {status, {{"content-type", "text/plain; charset=utf-8"}}, std::string(why) + "\n"};
    submit(id, stream);
}

/// False when there is no body to stream.
bool Http2ServerSession::submit(std::int32_t id, Http2Stream& stream) {
    stream.answered = true;
    Response& response = stream.response;
    if (!can_be_sent(response)) {
        error_ = "a handler's response could not be sent as HTTP";
        response = Response{500, {}, {}};
        stream.open = false;
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
    if (!bodiless && !stream.open) {
        fields.push_back(name_value("content-length", keeps_length ? stated->value : length));
    }
    nghttp2_data_provider body{};
    body.read_callback = read_body;
    stream.open = stream.open && !bodiless && !stream.head_only;
    const bool has_body = stream.open || (!bodiless && !stream.head_only && !response.body.empty());
    const int failure =
        nghttp2_submit_response(session_, id, fields.data(), fields.size(), has_body ? &body : nullptr);
    if (failure != 0) fail(nghttp2_strerror(failure));
    return stream.open;
}

ssize_t Http2ServerSession::read_body(nghttp2_session*, std::int32_t id, std::uint8_t* buffer,
                                      std::size_t size, std::uint32_t* flags, nghttp2_data_source*,
                                      void* user_data) {
    Http2Stream* stream = self(user_data).find(id);
    if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const std::string& body = stream->response.body;
    const std::size_t taken = std::min(size, body.size() - stream->sent);
    std::memcpy(buffer, body.data() + stream->sent, taken);
    stream->sent += taken;
    if (stream->sent == body.size()) {
        if (stream->open && taken == 0) return NGHTTP2_ERR_DEFERRED;  // until write or finish
        if (!stream->open) *flags |= NGHTTP2_DATA_FLAG_EOF;
    }
    return static_cast<ssize_t>(taken);
}

int Http2ServerSession::on_frame_sent(const nghttp2_frame& frame) {
    if (frame.hd.type == NGHTTP2_GOAWAY && frame.goaway.error_code != NGHTTP2_NO_ERROR && error_.empty()) {
        error_ = std::string("HTTP/2 ") + nghttp2_http2_strerror(frame.goaway.error_code);
    }
    const bool ends = (frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA) &&
                      (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    Http2Stream* stream = ends ? find(frame.hd.stream_id) : nullptr;
    if (stream != nullptr && !stream->request_complete) {
        // RFC 9113 section 8.1: an early answer; tell the client to stop sending the rest.
        nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, frame.hd.stream_id, NGHTTP2_NO_ERROR);
    }
    return 0;
}

}  // namespace loadgen::http::detail
