// Incremental HTTP/1.1 message parser (RFC 9112), both directions, no I/O, no allocation in the steady state.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/http/header.hpp"

namespace loadgen::http {
namespace detail {
class Http1HeadReader;
}

/// Why bytes are not acceptable HTTP/1.1. `http1_error_text` has a sentence for each.
enum class Http1Error : std::uint8_t {
    kNone,
    kBadStartLine,
    kBadVersion,
    kBadHeaderName,
    kBadHeaderValue,
    kObsoleteFolding,
    kHeadersTooLarge,
    kTooManyHeaders,
    kBadContentLength,
    kConflictingLengths,  ///< two different Content-Length, or Content-Length beside Transfer-Encoding
    kBadTransferEncoding,
    kBadChunkSize,
    kBadChunkEnd,
    kChunkTooLarge,
    kTruncated,  ///< the peer closed inside a message
};

std::string_view http1_error_text(Http1Error error);

/// Limits; past them the message is refused.
struct Http1Limits {
    std::uint32_t max_head_bytes = 64 * 1024;  ///< start line and headers, and likewise trailers
    std::uint32_t max_headers = 256;
    std::uint32_t max_chunk_extension_bytes = 4096;
};

/// The start of a message. Views point into the caller's bytes or the parser's own carry-over buffer and die
/// when the callback returns.
struct Http1Head {
    // Response:
    std::uint16_t status = 0;
    std::string_view reason;
    // Request:
    std::string_view method;
    std::string_view target;
    // Both:
    std::uint8_t minor_version = 1;
    std::span<const HeaderView> headers;
    bool keep_alive = true;    ///< after this message, by version and Connection
    bool has_length = false;   ///< Content-Length present and meaningful
    std::uint64_t length = 0;  ///< its value
    bool chunked = false;
    bool upgrade = false;          ///< 101, or a request with Connection: upgrade, or 2xx to CONNECT
    bool expect_continue = false;  ///< request with Expect: 100-continue
};

/// Receives the parts of messages in order. Called from `Http1Parser::feed` and `finish`.
class Http1Events {
  public:
    virtual ~Http1Events() = default;
    /// A final response head or a request head. Interim 1xx (except 101) come through on_interim.
    virtual void on_head(const Http1Head& head) = 0;
    virtual void on_interim(const Http1Head& /*head*/) {}
    virtual void on_body(std::string_view bytes) = 0;
    virtual void on_trailers(std::span<const HeaderView> /*trailers*/) {}
    /// The message is complete. May call `expect` or `pause` on the parser.
    virtual void on_message_end() = 0;
};

/// Parses a byte stream of messages, split anywhere. One parser a connection and direction; not thread-safe.
///
/// In response mode the parser must be told about the request each response answers (`expect`), because HEAD
/// and CONNECT change how the body is framed. Strictness: rejects obs-fold, whitespace before the colon, bare
/// CR, duplicate differing Content-Length, Content-Length together with Transfer-Encoding, codings other than
/// "chunked" alone. Accepts a bare LF as a line end of heads and trailers (RFC 9112 section 2.2) in responses
/// only; chunk framing always needs CRLF. Skips empty lines before a request line.
///
/// A response that switches protocols (upgrade) ends with on_message_end, then `feed` consumes nothing more.
/// A request that asks for it does not stop the parser: whoever grants it pauses in on_message_end. A body
/// without length or chunks in a response ends with the connection (keep_alive is then false). has_length and
/// chunked are set only where they frame a body: not after HEAD, nor with 1xx, 204, 304. Callbacks must not
/// call `feed`, `finish` or `reset`, nor destroy the parser.
class Http1Parser {
  public:
    enum class Mode : std::uint8_t { kRequest, kResponse };
    enum class Method : std::uint8_t { kOther, kHead, kConnect };

    Http1Parser(Mode mode, Http1Events& events, Http1Limits limits = {});

    /// Response mode: the request whose response comes next. Default is kOther.
    void expect(Method method) { method_ = method; }

    /// Consumes bytes until they end, the parser is paused, an upgrade begins, or an error occurs. Returns
    /// how many bytes were consumed (all of them, except in those cases).
    std::size_t feed(std::string_view bytes);

    /// The peer closed. Ends a close-delimited body; kTruncated inside any other message; no error between
    /// messages.
    void finish();

    /// Stops `feed` after the current callback (at most once per message end); `resume` lifts it.
    void pause() { paused_ = true; }
    void resume() { paused_ = false; }

    Http1Error error() const { return error_; }
    /// True between messages: no byte of the next one has been seen (an interim response is part of the
    /// message that follows it).
    bool idle() const;
    /// True once at least one byte of the current message has arrived.
    bool started() const { return !idle(); }

    /// Forgets everything; ready for a new connection.
    void reset();

  private:
    enum class State : std::uint8_t {
        kHead,
        kBodyLength,
        kBodyUntilClose,
        kChunkSize,       // at least one digit is still missing
        kChunkDigits,     // digits have been seen
        kChunkPad,        // blanks behind the digits
        kChunkExtension,  // behind ';'
        kChunkLineFeed,   // CR seen
        kChunkData,
        kChunkDataCr,
        kChunkDataLf,
        kTrailers,
        kMessageEnd,  // only the callback is still owed
        kUpgraded,
    };

    std::size_t step(std::string_view bytes);
    std::size_t feed_section(std::string_view bytes);
    std::size_t continue_section(std::string_view bytes);
    std::size_t feed_body(std::string_view bytes);
    std::size_t feed_chunk_line(std::string_view bytes);
    std::size_t feed_plain_chunk_line(std::string_view bytes);
    detail::Http1HeadReader section_reader() const;
    bool plausible_start(std::string_view head) const;
    void end_section(Http1Head& head);
    void begin_response(Http1Head& head);
    void begin_body(const Http1Head& head);
    void begin_chunk();
    void chunk_line_byte(char c);
    void chunk_size_byte(char c);
    void chunk_extension_byte(char c);
    void end_message();
    void fail(Http1Error error);
    void drop_carry();

    Http1Events& events_;
    Http1Limits limits_;
    Mode mode_;
    Method method_ = Method::kOther;
    State state_ = State::kHead;
    Http1Error error_ = Http1Error::kNone;
    bool paused_ = false;
    bool upgraded_ = false;  // the message that just ended switched protocols
    bool interim_ = false;   // a 1xx has come, the final response has not
    std::uint32_t chunk_line_bytes_ = 0;
    std::uint32_t carried_lines_ = 0;   // complete lines in carry_
    std::uint64_t remaining_ = 0;       // of the body or the chunk
    std::size_t carried_position_ = 0;  // start of the unfinished line in carry_
    std::string carry_;                 // a head or trailer section that is split across feeds
};

}  // namespace loadgen::http
