// The wire format of protocol buffers, version 3, as far as OTLP needs it. Appends to a string.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace loadgen::telemetry::detail {

inline constexpr std::uint32_t kVarintWire = 0;
inline constexpr std::uint32_t kFixed64Wire = 1;
inline constexpr std::uint32_t kLengthWire = 2;
inline constexpr std::uint32_t kFixed32Wire = 5;

/// A few numbers that go out in one piece. Room for a tag and two: tags take up to 5 bytes, numbers up to 10.
class SmallBytes {
  public:
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) bytes_[size_++] = static_cast<char>(value | 0x80);
        bytes_[size_++] = static_cast<char>(value);
    }
    void tag(std::uint32_t field, std::uint32_t wire_type) { varint(field << 3 | wire_type); }
    void fixed(std::uint64_t value, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i, value >>= 8)
            bytes_[size_++] = static_cast<char>(value & 0xff);
    }
    std::size_t size() const { return size_; }
    std::string_view view() const { return {bytes_.data(), size_}; }

  private:
    std::array<char, 32> bytes_;
    std::size_t size_ = 0;
};

bool is_ascii(std::string_view text);
/// With U+FFFD for each byte that is no UTF-8.
std::string repaired(std::string_view text);

/// Fields with their default value are left out, as proto3 does, except by functions that say "always".
class ProtobufWriter {
  public:
    explicit ProtobufWriter(std::string& out) : out_(out) {}

    void varint(std::uint32_t field, std::uint64_t value) {
        if (value != 0) varint_always(field, value);
    }
    void varint_always(std::uint32_t field, std::uint64_t value) {
        SmallBytes bytes;
        bytes.tag(field, kVarintWire);
        bytes.varint(value);
        out_ += bytes.view();
    }
    void fixed64(std::uint32_t field, std::uint64_t value) {
        if (value != 0) fixed64_always(field, value);
    }
    void fixed64_always(std::uint32_t field, std::uint64_t value) { fixed(field, kFixed64Wire, value, 8); }
    void double_always(std::uint32_t field, double value) {
        fixed64_always(field, std::bit_cast<std::uint64_t>(value));
    }
    void fixed32(std::uint32_t field, std::uint32_t value) {
        if (value != 0) fixed(field, kFixed32Wire, value, 4);
    }
    void bytes(std::uint32_t field, std::string_view value) {
        if (!value.empty()) bytes_always(field, value);
    }
    void bytes_always(std::uint32_t field, std::string_view value) {
        length(field, value.size());
        out_ += value;
    }
    /// The head of a field whose `size` bytes are appended next.
    void length(std::uint32_t field, std::size_t size) {
        SmallBytes bytes;
        bytes.tag(field, kLengthWire);
        bytes.varint(size);
        out_ += bytes.view();
    }
    /// A string field must be UTF-8, or receivers refuse the whole message: other bytes become U+FFFD.
    void text(std::uint32_t field, std::string_view value) {
        if (value.empty()) return;
        if (is_ascii(value)) return bytes_always(field, value);
        bytes_always(field, repaired(value));
    }

    /// Writes a nested message with what `fill` writes. Its length is put in front afterwards; the one byte
    /// that short messages need is kept free, so that only longer ones move.
    template <typename Fill>
    void message(std::uint32_t field, Fill&& fill) {
        length(field, 0);
        const std::size_t start = out_.size();
        fill();
        close(start);
    }

    void raw_fixed(std::uint64_t value, std::size_t bytes) {
        SmallBytes small;
        small.fixed(value, bytes);
        out_ += small.view();
    }

  private:
    void fixed(std::uint32_t field, std::uint32_t wire_type, std::uint64_t value, std::size_t bytes) {
        SmallBytes small;
        small.tag(field, wire_type);
        small.fixed(value, bytes);
        out_ += small.view();
    }
    void close(std::size_t start);

    std::string& out_;
};

}  // namespace loadgen::telemetry::detail
