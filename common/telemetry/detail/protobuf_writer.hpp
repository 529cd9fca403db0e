// The wire format of protocol buffers, version 3, as far as OTLP needs it. Appends to a string.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace loadgen::telemetry::detail {

/// Fields with their default value are left out, as proto3 does, except by functions that say "always".
class ProtobufWriter {
  public:
    explicit ProtobufWriter(std::string& out) : out_(out) {}

    void varint(std::uint32_t field, std::uint64_t value) {
        if (value != 0) varint_always(field, value);
    }
    void varint_always(std::uint32_t field, std::uint64_t value) {
        tag(field, 0);
        raw_varint(value);
    }
    void fixed64(std::uint32_t field, std::uint64_t value) {
        if (value != 0) fixed64_always(field, value);
    }
    void fixed64_always(std::uint32_t field, std::uint64_t value) {
        tag(field, 1);
        raw_fixed(value, 8);
    }
    void double_always(std::uint32_t field, double value) {
        fixed64_always(field, std::bit_cast<std::uint64_t>(value));
    }
    void fixed32(std::uint32_t field, std::uint32_t value) {
        if (value == 0) return;
        tag(field, 5);
        raw_fixed(value, 4);
    }
    void bytes(std::uint32_t field, std::string_view value) {
        if (!value.empty()) bytes_always(field, value);
    }
    void bytes_always(std::uint32_t field, std::string_view value) {
        tag(field, 2);
        raw_varint(value.size());
        out_ += value;
    }
    /// A string field must be UTF-8, or receivers refuse the whole message: other bytes become U+FFFD.
    void text(std::uint32_t field, std::string_view value) {
        if (!value.empty()) text_always(field, value);
    }
    void text_always(std::uint32_t field, std::string_view value);

    /// Writes a nested message with what `fill` writes. Its length is put in front afterwards; the one byte
    /// that short messages need is kept free, so that only longer ones move.
    template <typename Fill>
    void message(std::uint32_t field, Fill&& fill) {
        tag(field, 2);
        const std::size_t start = out_.size() + 1;
        out_ += '\0';
        fill();
        close(start);
    }

    void raw_fixed(std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i, value >>= 8) out_ += static_cast<char>(value & 0xff);
    }

  private:
    void tag(std::uint32_t field, std::uint32_t wire_type) { raw_varint(field << 3 | wire_type); }
    void raw_varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(value | 0x80);
        out_ += static_cast<char>(value);
    }
    void close(std::size_t start);

    std::string& out_;
};

}  // namespace loadgen::telemetry::detail
