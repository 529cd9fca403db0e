#include "common/telemetry/detail/otlp_attributes.hpp"

#include <algorithm>
#include <bit>

#include "common/telemetry/detail/protobuf_reader.hpp"
#include "common/telemetry/detail/protobuf_writer.hpp"

// KeyValue: key 1, value 2. AnyValue: string 1, bool 2, int 3, double 4; a oneof, so that defaults are
// written too.

namespace loadgen::telemetry::detail {
namespace {

constexpr std::uint32_t kKey = 1;
constexpr std::uint32_t kValue = 2;

constexpr std::size_t kMaxFrame = 64;  // what stands around key and text: four tags and lengths, or a number

std::size_t varint_size(std::uint64_t value) {
    return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

// Writes where there is room.
struct Cursor {
    char* at;

    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
        *at++ = static_cast<char>(value);
    }
    void head(std::uint32_t field, std::uint32_t wire_type) { varint(field << 3 | wire_type); }
    void text(std::string_view text) {
        std::copy(text.begin(), text.end(), at);
        at += text.size();
    }
};

// The field of AnyValue that holds the value.
struct ValueSize {
    std::size_t operator()(std::string_view text) const { return 1 + varint_size(text.size()) + text.size(); }
    std::size_t operator()(bool) const { return 2; }
    std::size_t operator()(std::int64_t number) const {
        return 1 + varint_size(static_cast<std::uint64_t>(number));
    }
    std::size_t operator()(double) const { return 9; }
};

struct ValueWriter {
    Cursor& out;
    void operator()(std::string_view text) const {
        out.head(1, kLengthWire);
        out.varint(text.size());
        out.text(text);
    }
    void operator()(bool truth) const {
        out.head(2, kVarintWire);
        out.varint(truth ? 1 : 0);
    }
    void operator()(std::int64_t number) const {
        out.head(3, kVarintWire);
        out.varint(static_cast<std::uint64_t>(number));
    }
    void operator()(double number) const {
        out.head(4, kFixed64Wire);
        auto bits = std::bit_cast<std::uint64_t>(number);
        for (int i = 0; i < 8; ++i, bits >>= 8) *out.at++ = static_cast<char>(bits & 0xff);
    }
};

// Makes room once and fills it: attributes are most of what a span costs.
void append_valid(std::string& out, std::uint32_t field, std::string_view key, const AttributeView& value) {
    const std::size_t value_size = std::visit(ValueSize{}, value);
    const std::size_t key_size = key.empty() ? 0 : 1 + varint_size(key.size()) + key.size();
    const std::size_t start = out.size();
    out.resize(start + kMaxFrame + key.size() + value_size);
    Cursor cursor{out.data() + start};
    cursor.head(field, kLengthWire);
    cursor.varint(key_size + 1 + varint_size(value_size) + value_size);
    if (!key.empty()) {
        cursor.head(kKey, kLengthWire);
        cursor.varint(key.size());
        cursor.text(key);
    }
    cursor.head(kValue, kLengthWire);
    cursor.varint(value_size);
    std::visit(ValueWriter{cursor}, value);
    out.resize(static_cast<std::size_t>(cursor.at - out.data()));
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
