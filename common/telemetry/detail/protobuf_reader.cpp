#include "common/telemetry/detail/protobuf_reader.hpp"

#include <algorithm>

namespace loadgen::telemetry::detail {
namespace {

bool read_varint(std::string_view& in, std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(in.front());
        in.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7fu} << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

bool read_bytes(std::string_view& in, std::uint64_t length, std::string_view& bytes) {
    if (length > in.size()) return false;
    bytes = in.substr(0, length);
    in.remove_prefix(length);
    return true;
}

}  // namespace

std::uint64_t ProtobufField::fixed() const {
    std::uint64_t value = 0;
    for (std::size_t i = std::min<std::size_t>(bytes.size(), 8); i > 0; --i)
        value = value << 8 | static_cast<unsigned char>(bytes[i - 1]);
    return value;
}

bool read_field(std::string_view& in, ProtobufField& field) {
    std::uint64_t tag = 0;
    if (!read_varint(in, tag)) return false;
    field.number = tag >> 3;
    field.wire_type = static_cast<unsigned>(tag & 7);
    std::uint64_t length = 0;
    switch (field.wire_type) {
        case 0:
            return field.number != 0 && read_varint(in, field.varint);
        case 1:
            return field.number != 0 && read_bytes(in, 8, field.bytes);
        case 2:
            return field.number != 0 && read_varint(in, length) && read_bytes(in, length, field.bytes);
        case 5:
            return field.number != 0 && read_bytes(in, 4, field.bytes);
        default:
            return false;
    }
}

}  // namespace loadgen::telemetry::detail
