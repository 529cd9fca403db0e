#include "common/http/http1_parser.hpp"

#include <algorithm>

#include "common/http/detail/http1_chars.hpp"
#include "common/http/detail/http1_head.hpp"

namespace loadgen::http {
namespace {

using detail::Http1HeadReader;

/// What a carry-over buffer may keep between messages; an ordinary head fits, so the next split head costs no
/// allocation, and ten thousand idle connections stay cheap.
constexpr std::size_t kCarryKept = 480;

}  // namespace

std::string_view http1_error_text(Http1Error error) {
    switch (error) {
        case Http1Error::kNone:
            return "no error";
        case Http1Error::kBadStartLine:
            return "malformed start line";
        case Http1Error::kBadVersion:
            return "the version is not HTTP/1.0 or HTTP/1.1";
        case Http1Error::kBadHeaderName:
            return "malformed header name";
        case Http1Error::kBadHeaderValue:
            return "a header value holds a control character or a bare CR or LF";
        case Http1Error::kObsoleteFolding:
            return "a header value continues on the next line (obsolete folding)";
        case Http1Error::kHeadersTooLarge:
            return "the headers exceed the size limit";
        case Http1Error::kTooManyHeaders:
            return "more headers than the limit allows";
        case Http1Error::kBadContentLength:
            return "Content-Length is not one decimal number below 2^64";
        case Http1Error::kConflictingLengths:
            return "two different lengths: Content-Length twice, or beside Transfer-Encoding";
        case Http1Error::kBadTransferEncoding:
            return "Transfer-Encoding is not exactly \"chunked\"";
        case Http1Error::kBadChunkSize:
            return "malformed chunk size line";
        case Http1Error::kBadChunkEnd:
            return "a chunk does not end with CRLF";
        case Http1Error::kChunkTooLarge:
            return "a chunk size or chunk extension exceeds the limit";
        case Http1Error::kTruncated:
            return "the connection closed inside a message";
    }
    return "unknown error";
}

Http1Parser::Http1Parser(Mode mode, Http1Events& events, Http1Limits limits)
    : events_(events), limits_(limits), mode_(mode) {}

bool Http1Parser::idle() const {
    if (state_ == State::kUpgraded) return true;
    if (state_ != State::kHead || interim_) return false;
    // Half of an empty line before a request is nothing yet.
    return carry_.empty() || (mode_ == Mode::kRequest && carry_ == "\r");
}

std::size_t Http1Parser::feed(std::string_view bytes) {
    std::size_t consumed = 0;
    while (!paused_ && error_ == Http1Error::kNone && state_ != State::kUpgraded) {
        if (state_ == State::kMessageEnd) {
            end_message();
        } else if (consumed == bytes.size()) {
            break;
        } else {
            consumed += step(bytes.substr(consumed));
        }
    }
    return consumed;
}

std::size_t Http1Parser::step(std::string_view bytes) {
    switch (state_) {
        case State::kHead:
        case State::kTrailers:
            return carry_.empty() ? feed_section(bytes) : continue_section(bytes);
        case State::kBodyLength:
        case State::kBodyUntilClose:
        case State::kChunkData:
            return feed_body(bytes);
        default:
            return feed_chunk_line(bytes);
    }
}

/// A head or trailer section that starts in `bytes`: the usual case, parsed in place.
std::size_t Http1Parser::feed_section(std::string_view bytes) {
    if (state_ == State::kHead) {
        // RFC 9112 section 2.2: a server skips empty lines before a request line.
        if (mode_ == Mode::kRequest && bytes.starts_with("\r\n")) return 2;
        if (!plausible_start(bytes)) {
            fail(Http1Error::kBadStartLine);
            return 0;
        }
    }
    Http1HeadReader reader = section_reader();
    switch (reader.read(bytes)) {
        case Http1HeadReader::Line::kEmpty:
            end_section(reader.head());
            break;
        case Http1HeadReader::Line::kError:
            fail(reader.error());
            break;
        default:
            carried_position_ = reader.position();
            carried_lines_ = reader.lines();
            carry_.reserve(kCarryKept);
            carry_.assign(bytes);
            return bytes.size();
    }
    return reader.position();
}

/// A section whose start is in the carry-over buffer. Takes one line, so that the bytes behind the section
/// are never copied; every line is checked when it ends and the whole is parsed when the section has.
std::size_t Http1Parser::continue_section(std::string_view bytes) {
    const std::size_t newline = bytes.find('\n');
    const std::size_t room = limits_.max_head_bytes + std::size_t{1} - carry_.size();  // one byte more tells
    const std::size_t taken = std::min(newline == std::string_view::npos ? bytes.size() : newline + 1, room);
    carry_.append(bytes.substr(0, taken));
    if (state_ == State::kHead && carried_lines_ == 0) {
        if (mode_ == Mode::kRequest && carry_ == "\r\n") {
            drop_carry();
            return taken;
        }
        if (!plausible_start(carry_)) {
            fail(Http1Error::kBadStartLine);
            return taken;
        }
    }
    Http1HeadReader line = section_reader();
    switch (line.check(carry_, carried_position_, carried_lines_)) {
        case Http1HeadReader::Line::kError:
            fail(line.error());
            break;
        case Http1HeadReader::Line::kPartial:
            break;
        case Http1HeadReader::Line::kField:
            carried_position_ = line.position();
            carried_lines_ = line.lines();
            break;
        case Http1HeadReader::Line::kEmpty: {
            Http1HeadReader whole = section_reader();
            if (whole.read(carry_) == Http1HeadReader::Line::kEmpty) {
                end_section(whole.head());
                drop_carry();
            } else {
                fail(whole.error());
            }
        }
    }
    return taken;
}

detail::Http1HeadReader Http1Parser::section_reader() const {
    using Section = Http1HeadReader::Section;
    const Section head = mode_ == Mode::kRequest ? Section::kRequest : Section::kResponse;
    return {state_ == State::kHead ? head : Section::kTrailers, mode_ == Mode::kResponse, limits_};
}

/// Refuses what can't become a message before a whole line of it has come: a TLS alert has no line ends.
bool Http1Parser::plausible_start(std::string_view head) const {
    if (mode_ == Mode::kRequest) {
        if (head[0] != '\r') return detail::is_token_char(head[0]);
        return head.size() == 1 || head[1] == '\n';
    }
    constexpr std::string_view kStart = "HTTP/";
    const std::size_t known = std::min(head.size(), kStart.size());
    return head.substr(0, known) == kStart.substr(0, known);
}

void Http1Parser::end_section(Http1Head& head) {
    if (state_ == State::kTrailers) {
        state_ = State::kMessageEnd;
        if (!head.headers.empty()) events_.on_trailers(head.headers);
    } else if (mode_ == Mode::kResponse) {
        begin_response(head);
    } else {
        begin_body(head);
        events_.on_head(head);
    }
}

/// RFC 9112 section 6.3.
void Http1Parser::begin_response(Http1Head& head) {
    const bool interim = head.status < 200 && head.status != 101;
    const bool connected = method_ == Method::kConnect && head.status >= 200 && head.status < 300;
    head.upgrade = head.status == 101 || connected;
    if (interim || head.upgrade || method_ == Method::kHead || head.status == 204 || head.status == 304) {
        head.has_length = false;
        head.chunked = false;
        head.length = 0;
    } else if (!head.has_length && !head.chunked) {
        head.keep_alive = false;
        state_ = State::kBodyUntilClose;
        return events_.on_head(head);
    }
    if (interim) {
        interim_ = true;
        return events_.on_interim(head);
    }
    upgraded_ = head.upgrade;
    begin_body(head);
    events_.on_head(head);
}

void Http1Parser::begin_body(const Http1Head& head) {
    remaining_ = head.length;
    state_ = head.chunked ? State::kChunkSize : remaining_ > 0 ? State::kBodyLength : State::kMessageEnd;
    if (head.chunked) begin_chunk();
}

std::size_t Http1Parser::feed_body(std::string_view bytes) {
    if (state_ == State::kBodyUntilClose) {
        events_.on_body(bytes);
        return bytes.size();
    }
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
    remaining_ -= taken;
    if (remaining_ == 0) state_ = state_ == State::kBodyLength ? State::kMessageEnd : State::kChunkDataCr;
    events_.on_body(bytes.substr(0, taken));
    return taken;
}

void Http1Parser::end_message() {
    state_ = upgraded_ ? State::kUpgraded : State::kHead;
    upgraded_ = false;
    interim_ = false;
    method_ = Method::kOther;
    events_.on_message_end();
}

void Http1Parser::finish() {
    if (error_ != Http1Error::kNone || idle()) return;
    if (state_ == State::kMessageEnd || state_ == State::kBodyUntilClose) return end_message();
    fail(Http1Error::kTruncated);
}

void Http1Parser::fail(Http1Error error) {
    error_ = error;
    drop_carry();
}

void Http1Parser::drop_carry() {
    carry_.clear();
    if (carry_.capacity() > kCarryKept) carry_.shrink_to_fit();
    carried_position_ = 0;
    carried_lines_ = 0;
}

void Http1Parser::reset() {
    drop_carry();
    state_ = State::kHead;
    method_ = Method::kOther;
    error_ = Http1Error::kNone;
    paused_ = false;
    upgraded_ = false;
    interim_ = false;
}

}  // namespace loadgen::http
