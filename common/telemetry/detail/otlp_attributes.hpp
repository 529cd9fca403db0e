// Attributes as OTLP writes them, wherever they occur (opentelemetry-proto, common/v1/common.proto:
// KeyValue).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/telemetry/span.hpp"

namespace loadgen::telemetry::detail {

/// Appends `key` and `value` as the field `field` of the message around it. Bytes that are not UTF-8 become
/// U+FFFD: receivers would refuse the whole message.
void append_attribute(std::string& out, std::uint32_t field, std::string_view key,
                      const AttributeView& value);
void append_attributes(std::string& out, std::uint32_t field, const Attributes& attributes);

AttributeView view_of(const AttributeValue& value);

/// Reads what append_attribute wrote below the field's number.
Attribute read_attribute(std::string_view key_value);
/// Its key alone.
std::string_view key_of(std::string_view key_value);

}  // namespace loadgen::telemetry::detail
