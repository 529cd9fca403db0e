#include "common/runlog/gob_reader.hpp"

#include "common/runlog/gob_fields.hpp"

namespace loadgen::runlog {
namespace {

using gob::Cursor;
using gob::Shape;
using gob::TypeInfo;

constexpr std::size_t kMaxTypes = 1024;
constexpr int kMaxDepth = 32;

/// A message's length prefix: false while it is cut off.
bool take_length(std::string_view input, std::size_t& prefix, std::uint64_t& length) {
    if (input.empty()) return false;
    const auto first = static_cast<unsigned char>(input.front());
    prefix = first < 128 ? 1 : 257U - first;
    if (input.size() < prefix) return false;
    Cursor cursor(input.substr(0, prefix));
    length = cursor.take_uint();
    return true;
}

/// True when values of the wire's type can be stored in a field of this shape.
bool matches(Shape shape, std::int64_t type, const TypeInfo* info) {
    const bool opaque = info != nullptr && info->kind == TypeInfo::Kind::kOpaque;
    const bool composite = info != nullptr && !opaque;
    switch (shape) {
        case Shape::kUint:
            return type == gob::kUint;
        case Shape::kInt:
            return type == gob::kInt;
        case Shape::kBool:
            return type == gob::kBool;
        case Shape::kText:
            return type == gob::kString || type == gob::kBytes;
        case Shape::kTime:
            return opaque;
        case Shape::kHeaders:
            return composite && info->kind == TypeInfo::Kind::kMap;
        case Shape::kDetail:
            return composite && info->kind == TypeInfo::Kind::kStruct;
    }
    return false;
}

}  // namespace

bool GobReader::looks_like(std::string_view input) {
    std::size_t prefix = 0;
    std::uint64_t length = 0;
    if (!take_length(input, prefix, length) || length == 0) return false;
    Cursor cursor(input.substr(prefix, length));
    if (cursor.take_int() >= 0) return false;
    gob::take_type_info(cursor);
    const bool cut_off = input.size() - prefix < length;
    return cut_off ? cursor.at_end() : !cursor.failed() && cursor.at_end();
}

Result<RecordDecoder::Step> GobReader::next(std::string_view input, bool last, Record& record) {
    consumed_ = 0;
    while (true) {
        const std::string_view rest = input.substr(consumed_);
        if (rest.empty() && last) return Step::kEnd;
        std::size_t prefix = 0;
        std::uint64_t length = 0;
        if (!take_length(rest, prefix, length) || rest.size() - prefix < length) return Step::kNeedMore;
        Cursor cursor(rest.substr(prefix, length));
        const std::int64_t id = cursor.take_int();
        const bool is_type = id < 0;
        if (is_type) {
            define_type(cursor, id);
        } else {
            clear_record(record);
            read_value(cursor, id, record);
        }
        if (!cursor.failed() && !cursor.at_end()) {
            cursor.fail(std::to_string(cursor.left()) + " bytes are left over at the end of a message");
        }
        if (cursor.failed()) {
            return Error{ErrorCode::kSyntax, "at byte " + std::to_string(consumed_ + prefix + cursor.at()) +
                                                 " of it: " + cursor.failure()};
        }
        consumed_ += prefix + length;
        if (!is_type) return Step::kRecord;
    }
}

void GobReader::define_type(Cursor& cursor, std::int64_t id) {
    TypeInfo info = gob::take_type_info(cursor);
    if (cursor.failed()) return;
    if (types_.size() >= kMaxTypes && !types_.contains(id)) {
        cursor.fail("the stream describes more than 1024 types");
        return;
    }
    // Ids are negated to tell descriptions from values. Keeping them negative needs no overflow care.
    types_.insert_or_assign(id, std::move(info));
    for (auto& plans : plans_) plans.clear();
}

const TypeInfo* GobReader::find_type(std::int64_t id) const {
    const auto found = id > 0 ? types_.find(-id) : types_.end();
    return found == types_.end() ? nullptr : &found->second;
}

void GobReader::read_value(Cursor& cursor, std::int64_t type, Record& record) {
    const TypeInfo* info = find_type(type);
    if (info == nullptr || info->kind != TypeInfo::Kind::kStruct) {
        cursor.fail("found a value of type " + std::to_string(type) +
                    ", expected a result struct described before");
        return;
    }
    read_struct(cursor, type, record, false);
}

const GobReader::Plan& GobReader::plan_for(Cursor& cursor, std::int64_t type, bool nested) {
    auto [found, is_new] = plans_[nested ? 1 : 0].try_emplace(type);
    if (!is_new) return found->second;
    const std::span<const gob::FieldRow> rows = nested ? gob::detail_fields() : gob::result_fields();
    std::size_t known = 0;
    for (const TypeInfo::Field& field : find_type(type)->fields) {
        PlannedField& planned = found->second.emplace_back();
        planned.type = field.type;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            if (rows[row].name != field.name) continue;
            planned.target = static_cast<int>(row);
            ++known;
            if (matches(rows[row].shape, field.type, find_type(field.type))) continue;
            cursor.fail("field " + field.name + " has another type than in vegeta's results");
        }
    }
    if (known == 0) cursor.fail("the values are of another kind than vegeta's results: no field is known");
    return found->second;
}

void GobReader::read_struct(Cursor& cursor, std::int64_t type, Record& record, bool nested) {
    const Plan& plan = plan_for(cursor, type, nested);
    const std::span<const gob::FieldRow> rows = nested ? gob::detail_fields() : gob::result_fields();
    std::uint64_t next = 0;
    while (!cursor.failed()) {
        const std::uint64_t delta = cursor.take_uint();
        if (delta == 0) return;
        if (delta > plan.size() - next) {
            cursor.fail("found a field beyond the " + std::to_string(plan.size()) + " that were described");
            return;
        }
        next += delta;
        const PlannedField& field = plan[next - 1];
        if (field.target < 0) {
            skip(cursor, field.type, 0);
        } else if (rows[static_cast<std::size_t>(field.target)].take == nullptr) {
            if (!record.detail) record.detail.emplace();
            read_struct(cursor, field.type, record, true);
        } else {
            rows[static_cast<std::size_t>(field.target)].take(cursor, record);
        }
    }
}

void GobReader::skip(Cursor& cursor, std::int64_t type, int depth) const {
    if (depth > kMaxDepth) {
        cursor.fail("a value is nested deeper than 32 levels");
        return;
    }
    switch (type) {
        case gob::kBool:
        case gob::kInt:
        case gob::kUint:
        case gob::kFloat:
            cursor.take_uint();
            return;
        case gob::kBytes:
        case gob::kString:
            cursor.take_bytes();
            return;
        case gob::kComplex:
            cursor.take_uint();
            cursor.take_uint();
            return;
        default:
            break;
    }
    const TypeInfo* info = find_type(type);
    if (info == nullptr) {
        cursor.fail("found a value of type " + std::to_string(type) + ", which was not described");
        return;
    }
    skip_composite(cursor, *info, depth + 1);
}

void GobReader::skip_composite(Cursor& cursor, const TypeInfo& info, int depth) const {
    if (info.kind == TypeInfo::Kind::kOpaque) {
        cursor.take_bytes();
        return;
    }
    if (info.kind != TypeInfo::Kind::kStruct) {
        // Every element takes a byte at least, so the message's end bounds the loop.
        const std::uint64_t count = cursor.take_uint();
        for (std::uint64_t i = 0; i < count && !cursor.failed(); ++i) {
            if (info.kind == TypeInfo::Kind::kMap) skip(cursor, info.key, depth);
            skip(cursor, info.element, depth);
        }
        return;
    }
    std::uint64_t next = 0;
    while (!cursor.failed()) {
        const std::uint64_t delta = cursor.take_uint();
        if (delta == 0) return;
        if (delta > info.fields.size() - next) {
            cursor.fail("found a field beyond those that were described");
            return;
        }
        next += delta;
        skip(cursor, info.fields[next - 1].type, depth);
    }
}

}  // namespace loadgen::runlog
