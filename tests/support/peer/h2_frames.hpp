// HTTP/2 frames (RFC 9113 section 4.1) by hand, so that tests of our HTTP/2 do not take nghttp2's word for
// anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace loadgen::test::h2 {

inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum Type : std::uint8_t {
    kData = 0,
    kHeaders = 1,
    kRstStream = 3,
    kSettings = 4,
    kPing = 6,
    kGoaway = 7,
    kWindowUpdate = 8,
    kContinuation = 9,
};
enum Flag : std::uint8_t { kNone = 0, kAck = 1, kEndStream = 1, kEndHeaders = 4 };
enum ErrorNumber : std::uint32_t { kNoError = 0, kInternalError = 2, kRefusedStream = 7, kCancel = 8 };

inline std::string number(std::uint32_t value, int bytes) {
    std::string out;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>((value >> shift) & 0xff);
    return out;
}

inline std::string frame(Type type, unsigned flags, std::uint32_t stream, std::string_view payload) {
    std::string out = number(static_cast<std::uint32_t>(payload.size()), 3);
    out += static_cast<char>(type);
    out += static_cast<char>(flags);
    return out.append(number(stream, 4)).append(payload);
}

inline std::string settings() {
    return frame(kSettings, kNone, 0, "");
}
inline std::string setting(std::uint16_t id, std::uint32_t value) {
    return frame(kSettings, kNone, 0, number(id, 2) + number(value, 4));
}
inline std::string max_streams(std::uint32_t value) {
    return setting(3, value);
}
inline std::string initial_window(std::uint32_t value) {
    return setting(4, value);
}
inline std::string settings_ack() {
    return frame(kSettings, kAck, 0, "");
}
inline std::string goaway(std::uint32_t last_stream, std::uint32_t error = kNoError) {
    return frame(kGoaway, kNone, 0, number(last_stream, 4) + number(error, 4));
}
inline std::string rst_stream(std::uint32_t stream, std::uint32_t error) {
    return frame(kRstStream, kNone, stream, number(error, 4));
}
inline std::string window_update(std::uint32_t stream, std::uint32_t increment) {
    return frame(kWindowUpdate, kNone, stream, number(increment, 4));
}
inline std::string data(std::uint32_t stream, std::string_view bytes, bool end) {
    return frame(kData, end ? kEndStream : kNone, stream, bytes);
}

/// A literal field without indexing and without Huffman coding (RFC 7541 section 6.2.2); short strings only.
inline std::string literal(std::string_view name, std::string_view value) {
    std::string out(1, '\0');
    out += static_cast<char>(name.size());
    out.append(name);
    out += static_cast<char>(value.size());
    return out.append(value);
}

/// A response head: `status` as a literal, then ready-made fields.
inline std::string head(std::uint32_t stream, std::string_view status, bool end,
                        std::string_view fields = {}) {
    return frame(kHeaders, unsigned{kEndHeaders} | unsigned{end ? kEndStream : kNone}, stream,
                 literal(":status", status).append(fields));
}

struct Frame {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::uint32_t stream = 0;
    std::string payload;

    std::uint32_t word(std::size_t at) const {
        std::uint32_t value = 0;
        for (std::size_t i = at; i < at + 4 && i < payload.size(); ++i) {
            value = value << 8 | static_cast<std::uint8_t>(payload[i]);
        }
        return value;
    }
};

/// Takes the first whole frame out of `bytes`; none when there is not enough yet.
inline std::optional<Frame> take_frame(std::string& bytes) {
    if (bytes.size() < 9) return std::nullopt;
    const auto at = [&bytes](std::size_t i) { return std::uint32_t{static_cast<std::uint8_t>(bytes[i])}; };
    const std::size_t size = at(0) << 16 | at(1) << 8 | at(2);
    if (bytes.size() < 9 + size) return std::nullopt;
    Frame frame{static_cast<std::uint8_t>(at(3)), static_cast<std::uint8_t>(at(4)),
                (at(5) & 0x7f) << 24 | at(6) << 16 | at(7) << 8 | at(8), bytes.substr(9, size)};
    bytes.erase(0, 9 + size);
    return frame;
}

}  // namespace loadgen::test::h2
