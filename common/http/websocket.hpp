// WebSocket (RFC 6455), the client's side: the handshake's fields, then a session that takes bytes and gives
// messages, takes messages and gives bytes. No I/O. No extensions are offered, so none is spoken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "common/base/random.hpp"
#include "common/base/result.hpp"
#include "common/http/header.hpp"
#include "common/http/url.hpp"

namespace loadgen::http {

/// A "ws://" or "wss://" URL as the http or https one that the handshake goes to (section 3); http and https
/// pass too. The error is that of parse_url.
Result<Url> parse_websocket_url(std::string_view text);

/// A new Sec-WebSocket-Key: 16 random bytes in base64 (section 4.1).
std::string websocket_key(Random& random);
/// The Sec-WebSocket-Accept that answers `key` (section 4.2.2, item 5.4).
std::string websocket_accept(std::string_view key);

/// Appends what a handshake request has besides its method (GET), target and Host. `protocols` are offered in
/// this order; each must be a token (kUsage otherwise). A header of these names among `headers` is the
/// caller's to leave out.
Result<void> append_websocket_fields(Headers& headers, std::string_view key,
                                     std::span<const std::string> protocols = {});

/// Checks the final answer to a handshake (section 4.1) and gives the protocol that the server chose; empty
/// when it chose none. Errors are kSyntax: "no WebSocket: the answer is 200, not 101".
Result<std::string> check_websocket_answer(int status, std::span<const HeaderView> headers,
                                           std::string_view key, std::span<const std::string> protocols = {});

/// Section 7.4.1; the peer may send others (3000 to 4999).
namespace websocket_code {
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kNoStatus = 1005;  ///< never sent: a Close came without a code
inline constexpr std::uint16_t kAbnormal = 1006;  ///< never sent: the connection ended without a Close
inline constexpr std::uint16_t kBadText = 1007;
inline constexpr std::uint16_t kTooBig = 1009;
}  // namespace websocket_code

enum class WebSocketKind : std::uint8_t { kText, kBinary };

struct WebSocketLimits {
    std::size_t max_message_bytes = 16U << 20;  ///< more ends the session with code 1009
};

/// How a session ended.
struct WebSocketClosed {
    std::uint16_t code = 0;   ///< what the peer said, kNoStatus or kAbnormal; with `error`, what we said
    std::string_view reason;  ///< what the peer said
    std::string_view error;   ///< what the peer did wrong ("a frame is masked"); empty when nothing
};

/// Views die when the callback returns. Callbacks may send and close, but not feed or destroy the session.
class WebSocketEvents {
  public:
    virtual ~WebSocketEvents() = default;
    /// A whole message; a text is valid UTF-8.
    virtual void on_message(WebSocketKind kind, std::string_view payload) = 0;
    /// Answered already.
    virtual void on_ping(std::string_view /*payload*/) {}
    virtual void on_pong(std::string_view /*payload*/) {}
    /// Once, last: no message follows, and nothing more can be sent.
    virtual void on_closed(const WebSocketClosed& closed) = 0;
};

/// One connection after its handshake. The owner moves bytes:
///
///     on readable:   session.feed(bytes)
///     then always:   send what session.output() holds and clear it (it is the owner's to empty)
///     on the end:    session.connection_ended()
///     when closed(): send what is left; the server closes the connection first (section 7.1.1), so wait a
///                    moment for it, and close
///
/// Frames are masked with numbers from `random`: they need not be secret here, as no page of a stranger
/// chooses what we send (section 10.3). Not thread-safe. About 200 bytes while no message is arriving in
/// pieces.
class WebSocketSession {
  public:
    /// Both references must outlive it.
    WebSocketSession(WebSocketEvents& events, Random& random, const WebSocketLimits& limits = {})
        : events_(events), random_(random), limits_(limits) {}

    void feed(std::string_view bytes);
    /// The peer closed the connection, or it broke.
    void connection_ended();

    /// One message in one frame. False, and nothing sent, once a Close has been sent or the session is over.
    /// A text must be UTF-8: the peer ends the session otherwise.
    bool send(WebSocketKind kind, std::string_view payload);
    /// `payload` is cut after 125 bytes. False as above.
    bool ping(std::string_view payload = {});
    /// Begins the closing handshake; messages may still come until the peer's Close. `code` is kNormal or one
    /// of 3000 to 4999 as a rule; kNoStatus sends none. `reason` is cut at a character's end before 123
    /// bytes. False when a Close has been sent already.
    bool close(std::uint16_t code = websocket_code::kNormal, std::string_view reason = {});

    std::string& output() { return output_; }
    bool close_sent() const { return close_sent_; }
    /// on_closed has been called.
    bool closed() const { return closed_; }

  private:
    enum class Opcode : std::uint8_t {
        kContinuation = 0,
        kText = 1,
        kBinary = 2,
        kClose = 8,
        kPing = 9,
        kPong = 10
    };

    /// Checks text as it comes, across the borders of frames and pieces (RFC 3629).
    class Utf8Check {
      public:
        bool take(std::string_view bytes);
        bool complete() const { return left_ == 0; }

      private:
        std::uint8_t left_ = 0;  // continuation bytes that are still due
        std::uint8_t low_ = 0x80;
        std::uint8_t high_ = 0xbf;  // range of the next one
    };

    std::size_t head_bytes(std::string_view bytes) const;
    const char* begin_frame(std::string_view head);
    const char* check_order();
    void take_payload(std::string_view payload);
    void end_message(std::string_view payload);
    void end_control(std::string_view payload);
    void take_close(std::string_view payload);
    void fail(std::uint16_t code, const char* error);
    void finish(const WebSocketClosed& closed);
    void append_frame(Opcode opcode, std::string_view payload);

    static bool is_control(Opcode opcode) { return opcode >= Opcode::kClose; }

    WebSocketEvents& events_;
    Random& random_;
    WebSocketLimits limits_;
    std::string output_;
    std::string message_;  // of a message whose frames or pieces are not complete
    std::string control_;  // the same of a control frame
    std::string head_;     // a frame's head that is split
    Utf8Check text_;
    std::uint64_t left_ = 0;                     // of the frame's payload
    Opcode opcode_ = Opcode::kContinuation;      // of the frame
    WebSocketKind kind_ = WebSocketKind::kText;  // of the message
    bool final_ = false;                         // the frame ends its message
    bool in_frame_ = false;                      // its head has been read
    bool in_message_ = false;                    // a frame of the message has begun, the last has not ended
    bool close_sent_ = false;
    bool closed_ = false;
};

}  // namespace loadgen::http
