// The chunked transfer coding of Http1Parser (RFC 9112 section 7.1).
#include "common/base/encoding.hpp"
#include "common/http/detail/http1_chars.hpp"
#include "common/http/http1_parser.hpp"

namespace loadgen::http {
std::size_t Http1Parser::feed_chunk_line(std::string_view bytes) {
    if (const std::size_t whole = feed_plain_chunk_line(bytes); whole != 0) return whole;
    std::size_t taken = 0;
    while (taken < bytes.size() && error_ == Http1Error::kNone && state_ != State::kChunkData &&
           state_ != State::kTrailers) {
        chunk_line_byte(bytes[taken++]);
    }
    return taken;
}

/// The usual case, a line in one piece without extension: how many bytes it took, or 0 when it is another
/// case.
std::size_t Http1Parser::feed_plain_chunk_line(std::string_view bytes) {
    if (state_ == State::kChunkDataCr && bytes.starts_with("\r\n")) {
        begin_chunk();
        return 2;
    }
    if (state_ != State::kChunkSize) return 0;
    constexpr std::size_t kPlainDigits = 8;
    std::size_t digits = 0;
    std::uint64_t size = 0;
    for (; digits < bytes.size() && digits < kPlainDigits; ++digits) {
        const int digit = hex_value(bytes[digits]);
        if (digit < 0) break;
        size = size << 4 | static_cast<std::uint64_t>(digit);
    }
    if (digits == 0 || !bytes.substr(digits).starts_with("\r\n")) return 0;
    if (digits > limits_.max_chunk_extension_bytes) return 0;
    remaining_ = size;
    state_ = size == 0 ? State::kTrailers : State::kChunkData;
    return digits + 2;
}

void Http1Parser::begin_chunk() {
    state_ = State::kChunkSize;
    remaining_ = 0;
    chunk_line_bytes_ = 0;
}

/// RFC 9112 section 7.1. Needs CRLF everywhere: disagreement about line ends in chunk extensions is a known
/// way to smuggle requests.
void Http1Parser::chunk_line_byte(char c) {
    switch (state_) {
        case State::kChunkSize:
        case State::kChunkDigits:
            return chunk_size_byte(c);
        case State::kChunkLineFeed:
            if (c != '\n') return fail(Http1Error::kBadChunkSize);
            state_ = remaining_ == 0 ? State::kTrailers : State::kChunkData;
            return;
        case State::kChunkDataCr:
            if (c != '\r') return fail(Http1Error::kBadChunkEnd);
            state_ = State::kChunkDataLf;
            return;
        case State::kChunkDataLf:
            if (c != '\n') return fail(Http1Error::kBadChunkEnd);
            return begin_chunk();
        default:
            return chunk_extension_byte(c);
    }
}

void Http1Parser::chunk_size_byte(char c) {
    const int digit = hex_value(c);
    if (digit < 0) {
        return state_ == State::kChunkSize ? fail(Http1Error::kBadChunkSize) : chunk_extension_byte(c);
    }
    // Leading zeros count as line bytes, or they could go on for ever.
    if (remaining_ >> 60 != 0 || ++chunk_line_bytes_ > limits_.max_chunk_extension_bytes) {
        return fail(Http1Error::kChunkTooLarge);
    }
    remaining_ = remaining_ << 4 | static_cast<std::uint64_t>(digit);
    state_ = State::kChunkDigits;
}

void Http1Parser::chunk_extension_byte(char c) {
    const bool extension = state_ == State::kChunkExtension;
    if (c == '\r') {
        // Servers that pad the size with blanks exist; a client has no reason to.
        if (state_ == State::kChunkPad && mode_ == Mode::kRequest) return fail(Http1Error::kBadChunkSize);
        state_ = State::kChunkLineFeed;
        return;
    }
    if (++chunk_line_bytes_ > limits_.max_chunk_extension_bytes) return fail(Http1Error::kChunkTooLarge);
    if (c == ';') {
        state_ = State::kChunkExtension;
    } else if (extension ? !detail::is_value_char(c) : !detail::is_blank(c)) {
        fail(Http1Error::kBadChunkSize);
    } else if (!extension) {
        state_ = State::kChunkPad;
    }
}

}  // namespace loadgen::http
