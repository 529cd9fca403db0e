#include "common/telemetry/detail/otlp_attributes.hpp"

#include <bit>

#include "common/telemetry/detail/protobuf_reader.hpp"
#include "common/telemetry/detail/protobuf_writer.hpp"

// KeyValue: key 1, value 2. AnyValue: string 1, bool 2, int 3, double 4; a oneof, so that defaults are
// written too.

namespace loadgen::telemetry::detail {
namespace {

constexpr std::uint32_t kKey = 1;
constexpr std::uint32_t kValue = 2;

// A value's bytes: a short part that is built here, and the text that follows it, if any.
struct EncodedValue {
    SmallBytes head;
    std::string_view text = {};
    std::size_t size() const { return head.size() + text.size(); }
};

struct ValueEncoder {
    EncodedValue operator()(std::string_view text) const {
        EncodedValue value{{}, text};
        value.head.tag(1, kLengthWire);
        value.head.varint(text.size());
        return value;
    }
    EncodedValue operator()(bool truth) const {
        EncodedValue value;
        value.head.tag(2, kVarintWire);
        value.head.varint(truth ? 1 : 0);
        return value;
    }
    EncodedValue operator()(std::int64_t number) const {
        EncodedValue value;
        value.head.tag(3, kVarintWire);
        value.head.varint(static_cast<std::uint64_t>(number));
        return value;
    }
    EncodedValue operator()(double number) const {
        EncodedValue value;
        value.head.tag(4, kFixed64Wire);
        value.head.fixed(std::bit_cast<std::uint64_t>(number), 8);
        return value;
    }
};

void append_valid(std::string& out, std::uint32_t field, std::string_view key, const AttributeView& value) {
    const EncodedValue encoded = std::visit(ValueEncoder{}, value);
    SmallBytes before_value;
    before_value.tag(kValue, kLengthWire);
    before_value.varint(encoded.size());
    SmallBytes before_key;
    if (!key.empty()) {
        before_key.tag(kKey, kLengthWire);
        before_key.varint(key.size());
    }
    SmallBytes front;
    front.tag(field, kLengthWire);
    front.varint(before_key.size() + key.size() + before_value.size() + encoded.size());
    front.append(before_key);
    before_value.append(encoded.head);
    out.append(front.view()).append(key).append(before_value.view()).append(encoded.text);
}

}  // namespace

void append_attribute(std::string& out, std::uint32_t field, std::string_view key,
                      const AttributeView& value) {
    const auto* text = std::get_if<std::string_view>(&value);
    if (is_ascii(key) && (text == nullptr || is_ascii(*text))) return append_valid(out, field, key, value);
    const std::string valid_key = repaired(key);
    if (text == nullptr) return append_valid(out, field, valid_key, value);
    const std::string valid_text = repaired(*text);
    append_valid(out, field, valid_key, std::string_view(valid_text));
}

void append_attributes(std::string& out, std::uint32_t field, const Attributes& attributes) {
    for (const Attribute& attribute : attributes)
        append_attribute(out, field, attribute.key, view_of(attribute.value));
}

AttributeView view_of(const AttributeValue& value) {
    return std::visit([](const auto& held) { return AttributeView(held); }, value);
}

std::string_view key_of(std::string_view key_value) {
    ProtobufField field;
    if (!read_field(key_value, field) || field.number != kKey) return {};
    return field.bytes;
}

Attribute read_attribute(std::string_view key_value) {
    Attribute attribute{std::string(key_of(key_value)), {}};
    for (ProtobufField field; !key_value.empty() && read_field(key_value, field);) {
        if (field.number != kValue) continue;
        std::string_view any = field.bytes;
        if (!read_field(any, field)) break;
        switch (field.number) {
            case 2:
                attribute.value = field.varint != 0;
                break;
            case 3:
                attribute.value = static_cast<std::int64_t>(field.varint);
                break;
            case 4:
                attribute.value = std::bit_cast<double>(field.fixed());
                break;
            default:
                attribute.value = std::string(field.bytes);
        }
        break;
    }
    return attribute;
}

}  // namespace loadgen::telemetry::detail
