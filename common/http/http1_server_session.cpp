#include "common/http/http1_server_session.hpp"

#include <algorithm>
#include <charconv>

#include "common/http/http1_writer.hpp"

namespace loadgen::http {
namespace {

/// Pipelined input and unsent output kept before the peer has to wait.
constexpr std::size_t kMaxBufferedInput = 64 * 1024;
constexpr std::size_t kMaxUnsentOutput = 256 * 1024;
/// Buffers larger than this are given back when they are empty.
constexpr std::size_t kBufferKept = 16 * 1024;
/// Room made for a body before its bytes come: a promised length costs the peer nothing.
constexpr std::size_t kBodyReserved = 64 * 1024;

int status_for(Http1Error error) {
    switch (error) {
        case Http1Error::kBadVersion:
            return 505;
        case Http1Error::kHeadersTooLarge:
        case Http1Error::kTooManyHeaders:
            return 431;
        case Http1Error::kBadTransferEncoding:
            return 501;
        default:
            return 400;
    }
}

bool is_known_target(const Http1Head& head) {
    return head.target.starts_with('/') || (head.target == "*" && head.method == "OPTIONS") ||
           head.target.starts_with("http://") || head.target.starts_with("https://");
}

void drop_front(std::string& buffer, std::size_t& used) {
    if (used == buffer.size()) {
        buffer.clear();
        if (buffer.capacity() > kBufferKept) buffer.shrink_to_fit();
        used = 0;
    } else if (used > buffer.size() / 2) {  // so that each byte is moved at most once on average
        buffer.erase(0, used);
        used = 0;
    }
}

BodyFraming framing_of(const Response& response, bool head_only) {
    if (response.status == 204 || response.status == 304) return {};
    std::uint64_t length = response.body.size();
    const Header* stated = find_header(response.headers, "content-length");
    if (head_only && response.body.empty() && stated != nullptr) {
        std::from_chars(stated->value.data(), stated->value.data() + stated->value.size(), length);
    }
    return {BodyFraming::Kind::kLength, length};
}

}  // namespace

Http1ServerSession::Http1ServerSession(RequestHandler& handler, ServerOptions options)
    : handler_(handler),
      options_(std::move(options)),
      parser_(Http1Parser::Mode::kRequest, *this, options_.head) {}

void Http1ServerSession::feed(std::string_view bytes) {
    if (closing_) return;
    if (buffered() > 0 || answering_ || throttled()) {
        input_.append(bytes);
    } else {
        parse(bytes);
    }
}

/// Parses what arrived while nothing else was waiting: no copy unless a request has to wait for an answer.
void Http1ServerSession::parse(std::string_view bytes) {
    const std::size_t consumed = parser_.feed(bytes);
    if (parser_.error() != Http1Error::kNone) {
        refuse(status_for(parser_.error()), http1_error_text(parser_.error()));
    } else if (!closing_) {
        input_.append(bytes.substr(consumed));
    }
}

void Http1ServerSession::parse_input() {
    if (answering_ || closing_ || throttled()) return;
    parser_.resume();
    if (buffered() > 0) {
        parsed_ += parser_.feed(std::string_view(input_).substr(parsed_));
        drop_front(input_, parsed_);
    }
    if (parser_.error() != Http1Error::kNone) {
        refuse(status_for(parser_.error()), http1_error_text(parser_.error()));
    } else if (read_closed_ && !answering_ && buffered() == 0) {
        parser_.finish();
        if (parser_.error() != Http1Error::kNone) error_ = http1_error_text(parser_.error());
        closing_ = true;
    }
}

void Http1ServerSession::peer_closed() {
    read_closed_ = true;
    // Half a connection is of no use to a reader of events, and a whole close looks the same from here.
    if (streaming_) connection_lost();
    parse_input();
}

void Http1ServerSession::connection_lost() {
    closing_ = true;
    if (!answering_) return;
    answering_ = false;
    streaming_ = false;
    handler_.on_cancel(*this, current_);
}

bool Http1ServerSession::throttled() const {
    return unsent() >= kMaxUnsentOutput;
}

bool Http1ServerSession::wants_read() const {
    return !closing_ && !read_closed_ && buffered() < kMaxBufferedInput && !throttled();
}

bool Http1ServerSession::idle() const {
    return !answering_ && parser_.idle() && buffered() == 0 && unsent() == 0;
}

std::string_view Http1ServerSession::output() {
    return std::string_view(output_).substr(sent_);
}

void Http1ServerSession::consume_output(std::size_t bytes) {
    const bool waited = throttled();
    sent_ += std::min(bytes, unsent());
    before_stream_ -= std::min(bytes, before_stream_);
    drop_front(output_, sent_);
    if (waited) parse_input();
}

void Http1ServerSession::on_head(const Http1Head& head) {
    take_head(head);
    if (head.method == "CONNECT") return refuse(501, "CONNECT is not offered");
    if (!is_known_target(head)) return refuse(400, "malformed request target");
    // RFC 9112 section 3.2: exactly one Host in 1.1, at most one in 1.0.
    const auto hosts = std::count_if(request_.headers.begin(), request_.headers.end(),
                                     [](const Header& header) { return equal_name(header.name, "host"); });
    if (hosts > 1 || (hosts == 0 && !http10_))
        return refuse(400, "the request needs exactly one Host header");
    if (head.length > options_.max_body_bytes) return refuse(413, "the body exceeds the size limit");
    if (head.expect_continue && !http10_ && (head.length > 0 || head.chunked)) {
        output_.append("HTTP/1.1 100 Continue\r\n\r\n");
    }
    request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(head.length, kBodyReserved)));
}

void Http1ServerSession::take_head(const Http1Head& head) {
    ++current_;
    keep_alive_ = head.keep_alive;
    head_only_ = head.method == "HEAD";
    http10_ = head.minor_version == 0;
    request_ = Request{};
    request_.version = http10_ ? Version::kHttp10 : Version::kHttp11;
    request_.method = head.method;
    request_.target = head.target;
    request_.headers.reserve(head.headers.size());
    for (const HeaderView& field : head.headers) {
        request_.headers.push_back({std::string(field.name), std::string(field.value)});
        if (equal_name(field.name, "host")) request_.authority = field.value;
    }
}

void Http1ServerSession::on_body(std::string_view bytes) {
    if (closing_) return;
    if (bytes.size() > options_.max_body_bytes - request_.body.size()) {
        return refuse(413, "the body exceeds the size limit");
    }
    request_.body.append(bytes);
}

void Http1ServerSession::on_trailers(std::span<const HeaderView> trailers) {
    for (const HeaderView& field : trailers) {
        request_.trailers.push_back({std::string(field.name), std::string(field.value)});
    }
}

void Http1ServerSession::on_message_end() {
    answering_ = true;
    in_handler_ = true;
    handler_.on_request(*this, current_, std::move(request_));
    in_handler_ = false;
    if (answering_ || closing_ || throttled()) parser_.pause();
}

void Http1ServerSession::respond(StreamId id, Response response) {
    if (id != current_ || !answering_ || streaming_) return;
    if (draining_) keep_alive_ = false;
    send(response);
    answered();
}

/// The answer is complete: on to the next request, or to the end.
void Http1ServerSession::answered() {
    answering_ = false;
    streaming_ = false;
    head_only_ = false;
    http10_ = false;
    if (!keep_alive_) closing_ = true;
    if (!in_handler_) parse_input();
}

bool Http1ServerSession::send_head(const Response& response, BodyFraming framing) {
    const std::string_view connection = !keep_alive_ ? "close" : http10_ ? "keep-alive" : "";
    std::string_view date = options_.date ? options_.date() : std::string_view{};
    if (!is_valid_field_value(date)) date = {};
    const ResponseHead head{response.status, response.headers, framing, date, connection};
    return response.status >= 200 && response.status <= 599 && append_response_head(output_, head);
}

void Http1ServerSession::send(const Response& response) {
    const BodyFraming framing = framing_of(response, head_only_);
    if (!send_head(response, framing)) {
        error_ = "a handler's response could not be sent as HTTP";
        return send(Response{500, {}, {}});
    }
    if (!head_only_ && framing.kind == BodyFraming::Kind::kLength) output_.append(response.body);
}

bool Http1ServerSession::respond_streaming(StreamId id, Response head) {
    if (id != current_ || !answering_ || streaming_) return false;
    // RFC 9112 section 6.3: to a 1.0 client the end of the connection is the end of the body.
    if (draining_ || http10_) keep_alive_ = false;
    const bool bodiless = head.status == 204 || head.status == 304;
    const bool chunked = !bodiless && !http10_;
    if (!send_head(head, chunked ? BodyFraming{BodyFraming::Kind::kChunked, 0} : BodyFraming{})) {
        error_ = "a handler's response could not be sent as HTTP";
        send(Response{500, {}, {}});
        answered();
        return false;
    }
    if (bodiless || head_only_) {
        answered();
        return false;
    }
    streaming_ = true;
    before_stream_ = unsent();
    return true;
}

ServerSession::Written Http1ServerSession::write(StreamId id, std::string_view bytes) {
    if (!streaming(id)) return Written::kGone;
    if (bytes.size() > options_.max_stream_bytes ||
        pending_bytes(id) > options_.max_stream_bytes - bytes.size()) {
        return Written::kTooSlow;
    }
    if (http10_) {
        output_.append(bytes);
    } else {
        append_chunk(output_, bytes);
    }
    return Written::kTaken;
}

void Http1ServerSession::finish(StreamId id) {
    if (!streaming(id)) return;
    // Without trailers there is nothing that could be refused.
    if (!http10_) (void)append_last_chunk(output_);
    if (draining_) keep_alive_ = false;
    answered();
}

void Http1ServerSession::abort(StreamId id) {
    if (!streaming(id)) return;
    output_.clear();
    sent_ = 0;
    keep_alive_ = false;
    parser_.pause();
    answered();
}

/// Answers what can't be a request, or can't be served, and ends the connection: where the next request would
/// start is unknown or not worth finding out.
void Http1ServerSession::refuse(int status, std::string_view why) {
    parser_.pause();
    closing_ = true;
    keep_alive_ = false;
    error_ = why;
    send(Response{status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::string(why) + "\n"});
}

std::unique_ptr<ServerSession> make_http1_session(RequestHandler& handler, ServerOptions options) {
    return std::make_unique<Http1ServerSession>(handler, std::move(options));
}

}  // namespace loadgen::http
