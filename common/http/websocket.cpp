#include "common/http/websocket.hpp"

#include <algorithm>
#include <array>

namespace loadgen::http {
namespace {

constexpr std::size_t kMaxControlBytes = 125;
constexpr std::uint64_t kMost7 = 125;  // a length above goes into 16 bits, and one above 65535 into 64

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) value = value << 8U | byte_at(bytes, i);
    return value;
}

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xffU);
}

/// Section 7.4: what a Close may carry.
bool may_be_received(std::uint64_t code) {
    if (code >= 3000 && code <= 4999) return true;
    return code >= 1000 && code <= 1014 && code != 1004 && code != websocket_code::kNoStatus &&
           code != websocket_code::kAbnormal;
}

/// At most `limit` bytes of UTF-8 that end with a character.
std::string_view cut_text(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    std::size_t end = limit;
    while (end > 0 && (byte_at(text, end) & 0xc0U) == 0x80) --end;
    return text.substr(0, end);
}

}  // namespace

bool WebSocketSession::Utf8Check::take(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::uint8_t byte = byte_at(bytes, i);
        if (left_ > 0) {
            if (byte < low_ || byte > high_) return false;
            low_ = 0x80;
            high_ = 0xbf;
            --left_;
        } else if (byte >= 0x80) {
            if (byte < 0xc2 || byte > 0xf4) return false;
            left_ = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
            // Overlong forms, surrogates and what is beyond U+10FFFF show in the second byte.
            low_ = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
            high_ = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
        }
    }
    return true;
}

void WebSocketSession::feed(std::string_view bytes) {
    while (!closed_) {
        if (!in_frame_) {
            const std::size_t wanted = head_bytes(bytes);
            if (head_.size() + bytes.size() < wanted) {
                head_.append(bytes);
                return;
            }
            const std::size_t missing = wanted - head_.size();
            const char* problem = nullptr;
            if (head_.empty()) {
                problem = begin_frame(bytes.substr(0, wanted));
            } else {
                problem = begin_frame(head_.append(bytes.substr(0, missing)));
                head_.clear();
            }
            if (problem != nullptr) return fail(websocket_code::kProtocolError, problem);
            bytes.remove_prefix(missing);
            if (!is_control(opcode_) && left_ > limits_.max_message_bytes - message_.size()) {
                return fail(websocket_code::kTooBig, "a message is longer than the limit");
            }
        }
        const std::string_view part =
            bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
        bytes.remove_prefix(part.size());
        left_ -= part.size();
        take_payload(part);
        if (left_ > 0 || closed_) return;
        if (bytes.empty()) return;
    }
}

/// Section 5.2: 2 bytes, and 2 or 8 more by the length. How many the head has, as far as can be told.
std::size_t WebSocketSession::head_bytes(std::string_view bytes) const {
    const bool split = head_.size() >= 2;
    if (!split && head_.size() + bytes.size() < 2) return 2;
    const std::uint8_t second = split ? byte_at(head_, 1) : byte_at(bytes, 1 - head_.size());
    const unsigned length = second & 0x7fU;
    return length == 127 ? 10 : length == 126 ? 4 : 2;
}

/// What is wrong with the head, or nullptr.
const char* WebSocketSession::begin_frame(std::string_view head) {
    const std::uint8_t first = byte_at(head, 0);
    const unsigned opcode = first & 0x0fU;
    if ((first & 0x70U) != 0) return "a frame has a reserved bit set";
    if ((opcode > 2 && opcode < 8) || opcode > 10) return "a frame has an unknown opcode";
    if ((byte_at(head, 1) & 0x80U) != 0) return "a frame is masked";  // section 5.1
    opcode_ = static_cast<Opcode>(opcode);
    final_ = (first & 0x80U) != 0;
    left_ = head.size() == 2 ? byte_at(head, 1) & 0x7fU : big_endian(head.substr(2));
    if (head.size() == 4 && left_ <= kMost7) return "a frame's length is written longer than needed";
    if (head.size() == 10 && left_ <= 0xffff) return "a frame's length is written longer than needed";
    if (left_ >> 63U != 0) return "a frame's length has its first bit set";
    if (const char* problem = check_order()) return problem;
    in_frame_ = true;
    return nullptr;
}

/// Section 5.4: fragments follow each other, control frames may come between them.
const char* WebSocketSession::check_order() {
    if (is_control(opcode_)) {
        if (!final_) return "a control frame is fragmented";
        return left_ > kMaxControlBytes ? "a control frame is longer than 125 bytes" : nullptr;
    }
    if (opcode_ == Opcode::kContinuation) return in_message_ ? nullptr : "a continuation continues nothing";
    if (in_message_) return "a message begins within another";
    kind_ = opcode_ == Opcode::kText ? WebSocketKind::kText : WebSocketKind::kBinary;
    in_message_ = true;
    return nullptr;
}

void WebSocketSession::take_payload(std::string_view part) {
    const bool complete = left_ == 0;
    if (complete) in_frame_ = false;
    if (is_control(opcode_)) {
        if (complete && control_.empty()) return end_control(part);
        control_.append(part);
        if (!complete) return;
        const std::string payload = std::move(control_);
        control_.clear();
        return end_control(payload);
    }
    if (kind_ == WebSocketKind::kText && !text_.take(part)) {
        return fail(websocket_code::kBadText, "a text is not UTF-8");
    }
    if (complete && final_ && message_.empty()) return end_message(part);
    message_.append(part);
    if (!complete || !final_) return;
    const std::string payload = std::move(message_);
    message_.clear();
    end_message(payload);
}

void WebSocketSession::end_message(std::string_view payload) {
    in_message_ = false;
    if (kind_ == WebSocketKind::kText && !text_.complete()) {
        return fail(websocket_code::kBadText, "a text is not UTF-8");
    }
    events_.on_message(kind_, payload);
}

void WebSocketSession::end_control(std::string_view payload) {
    switch (opcode_) {
        case Opcode::kPing:
            if (!close_sent_) append_frame(Opcode::kPong, payload);  // section 5.5.2
            events_.on_ping(payload);
            return;
        case Opcode::kPong:
            events_.on_pong(payload);
            return;
        default:
            take_close(payload);
    }
}

/// Section 5.5.1.
void WebSocketSession::take_close(std::string_view payload) {
    if (payload.size() == 1) return fail(websocket_code::kProtocolError, "a Close has half a code");
    std::uint16_t code = websocket_code::kNoStatus;
    std::string_view reason;
    if (!payload.empty()) {
        code = static_cast<std::uint16_t>(big_endian(payload.substr(0, 2)));
        reason = payload.substr(2);
        if (!may_be_received(code))
            return fail(websocket_code::kProtocolError, "a Close has a code that may not be sent");
        Utf8Check check;
        if (!check.take(reason) || !check.complete()) {
            return fail(websocket_code::kBadText, "the reason of a Close is not UTF-8");
        }
    }
    close(code);
    finish({code, reason, {}});
}

void WebSocketSession::connection_ended() {
    if (!closed_) finish({websocket_code::kAbnormal, {}, {}});
}

bool WebSocketSession::send(WebSocketKind kind, std::string_view payload) {
    if (close_sent_ || closed_) return false;
    append_frame(kind == WebSocketKind::kText ? Opcode::kText : Opcode::kBinary, payload);
    return true;
}

bool WebSocketSession::ping(std::string_view payload) {
    if (close_sent_ || closed_) return false;
    append_frame(Opcode::kPing, payload.substr(0, kMaxControlBytes));
    return true;
}

bool WebSocketSession::close(std::uint16_t code, std::string_view reason) {
    if (close_sent_ || closed_) return false;
    std::string payload;
    if (code != websocket_code::kNoStatus) {
        append_big_endian(payload, code, 2);
        payload += cut_text(reason, kMaxControlBytes - 2);
    }
    append_frame(Opcode::kClose, payload);
    close_sent_ = true;
    return true;
}

/// Section 7.1.7: says so, and listens no more.
void WebSocketSession::fail(std::uint16_t code, const char* error) {
    close(code, error);
    finish({code, {}, error});
}

void WebSocketSession::finish(const WebSocketClosed& closed) {
    closed_ = true;
    events_.on_closed(closed);
}

/// Sections 5.2 and 5.3.
void WebSocketSession::append_frame(Opcode opcode, std::string_view payload) {
    constexpr unsigned kMasked = 0x80;
    output_ += static_cast<char>(0x80U | static_cast<unsigned>(opcode));
    if (payload.size() <= kMost7) {
        output_ += static_cast<char>(kMasked | payload.size());
    } else if (payload.size() <= 0xffff) {
        output_ += static_cast<char>(kMasked | 126U);
        append_big_endian(output_, payload.size(), 2);
    } else {
        output_ += static_cast<char>(kMasked | 127U);
        append_big_endian(output_, payload.size(), 8);
    }
    std::array<char, 4> mask;
    std::uint64_t bits = random_.next();
    for (char& byte : mask) {
        byte = static_cast<char>(bits & 0xffU);
        bits >>= 8U;
    }
    output_.append(mask.data(), mask.size());
    const std::size_t start = output_.size();
    output_.append(payload);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        output_[start + i] = static_cast<char>(output_[start + i] ^ mask[i % mask.size()]);
    }
}

}  // namespace loadgen::http
