// The wire format of protocol buffers, version 3, read field by field.
#pragma once

#include <cstdint>
#include <string_view>

namespace loadgen::telemetry::detail {

struct ProtobufField {
    std::uint64_t number = 0;
    std::uint64_t varint = 0;     ///< wire type 0
    std::string_view bytes = {};  ///< the payload of all other wire types
    unsigned wire_type = 0;

    std::uint64_t fixed() const;  ///< `bytes` as a little-endian number; at most 8 of them
};

/// Takes the next field off `in`. False when it is malformed; groups are.
bool read_field(std::string_view& in, ProtobufField& field);

}  // namespace loadgen::telemetry::detail
