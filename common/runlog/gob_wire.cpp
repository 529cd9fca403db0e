#include "common/runlog/gob_wire.hpp"

#include <bit>

namespace loadgen::runlog::gob {
namespace {

constexpr std::size_t kMaxFields = 256;
constexpr std::size_t kMaxName = 256;

/// Walks the fields of a struct value: calls use(field number from 1) for each one present; `use` has to
/// read its value. Fields the bootstrap types do not have are a fault.
template <typename Use>
void take_struct(Cursor& cursor, std::uint64_t field_count, Use use) {
    std::uint64_t field = 0;
    while (!cursor.failed()) {
        const std::uint64_t delta = cursor.take_uint();
        if (delta == 0) return;
        if (delta > field_count - field) {
            cursor.fail("a type description has a field that gob does not know");
            return;
        }
        field += delta;
        use(field);
    }
}

std::string take_name(Cursor& cursor) {
    const std::string_view name = cursor.take_bytes();
    if (name.size() > kMaxName) cursor.fail("a name in a type description is longer than 256 bytes");
    return std::string(name.substr(0, kMaxName));
}

/// CommonType: name and id.
void take_common(Cursor& cursor, TypeInfo& info) {
    take_struct(cursor, 2, [&](std::uint64_t field) {
        if (field == 1) {
            info.name = take_name(cursor);
        } else {
            cursor.take_int();
        }
    });
}

void take_fields(Cursor& cursor, TypeInfo& info) {
    const std::uint64_t count = cursor.take_uint();
    if (count > kMaxFields) cursor.fail("a struct has more than 256 fields");
    for (std::uint64_t i = 0; i < count && !cursor.failed(); ++i) {
        TypeInfo::Field& described = info.fields.emplace_back();
        take_struct(cursor, 2, [&](std::uint64_t field) {
            if (field == 1) {
                described.name = take_name(cursor);
            } else {
                described.type = cursor.take_int();
            }
        });
    }
}

/// The body of one of wireType's pointers: CommonType first, then what the kind adds.
void take_kind(Cursor& cursor, TypeInfo& info) {
    using Kind = TypeInfo::Kind;
    static constexpr std::uint64_t kFieldCount[] = {3, 2, 2, 3, 1};
    take_struct(cursor, kFieldCount[static_cast<std::size_t>(info.kind)], [&](std::uint64_t field) {
        if (field == 1) {
            take_common(cursor, info);
        } else if (info.kind == Kind::kStruct) {
            take_fields(cursor, info);
        } else if (info.kind == Kind::kMap) {
            (field == 2 ? info.key : info.element) = cursor.take_int();
        } else if (field == 2) {
            info.element = cursor.take_int();
        } else {
            cursor.take_int();  // an array's length; its values carry their count
        }
    });
}

}  // namespace

void append_uint(std::string& out, std::uint64_t number) {
    if (number < 128) {
        out += static_cast<char>(number);
        return;
    }
    const int bytes = (static_cast<int>(std::bit_width(number)) + 7) / 8;
    out += static_cast<char>(-bytes);
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

void append_int(std::string& out, std::int64_t number) {
    const auto bits = static_cast<std::uint64_t>(number);
    append_uint(out, number < 0 ? ~bits << 1 | 1 : bits << 1);
}

void append_bytes(std::string& out, std::string_view bytes) {
    append_uint(out, bytes.size());
    out += bytes;
}

std::uint64_t Cursor::take_uint() {
    if (failed() || at_end()) {
        fail("the message ends inside a number");
        return 0;
    }
    const auto first = static_cast<unsigned char>(bytes_[at_++]);
    if (first < 128) return first;
    const std::size_t count = 256U - first;
    if (count > 8) {
        fail("found a number of " + std::to_string(count) + " bytes, allowed are 8");
        return 0;
    }
    if (left() < count) {
        fail("the message ends inside a number");
        return 0;
    }
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < count; ++i) number = number << 8 | static_cast<unsigned char>(bytes_[at_++]);
    return number;
}

std::int64_t Cursor::take_int() {
    const std::uint64_t bits = take_uint();
    return static_cast<std::int64_t>((bits & 1) != 0 ? ~(bits >> 1) : bits >> 1);
}

std::string_view Cursor::take_bytes() {
    const std::uint64_t size = take_uint();
    if (failed()) return {};
    if (size > left()) {
        fail("found a length of " + std::to_string(size) + " bytes, the message has " +
             std::to_string(left()) + " left");
        return {};
    }
    const std::string_view bytes = bytes_.substr(at_, size);
    at_ += size;
    return bytes;
}

void Cursor::fail(std::string message) {
    if (!failed()) failure_ = std::move(message);
}

TypeInfo take_type_info(Cursor& cursor) {
    using Kind = TypeInfo::Kind;
    // Fields of wireType: array, slice, struct, map, then three ways for a type to encode itself.
    static constexpr Kind kKinds[] = {Kind::kArray,  Kind::kSlice,  Kind::kStruct, Kind::kMap,
                                      Kind::kOpaque, Kind::kOpaque, Kind::kOpaque};
    TypeInfo info;
    bool described = false;
    take_struct(cursor, 7, [&](std::uint64_t field) {
        info.kind = kKinds[field - 1];
        described = true;
        take_kind(cursor, info);
    });
    if (!described) cursor.fail("a type description is empty");
    return info;
}

}  // namespace loadgen::runlog::gob
