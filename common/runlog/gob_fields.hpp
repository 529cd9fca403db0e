// The struct fields that gob streams carry, as a table: name, wire type, and where the value goes.
#pragma once

#include <span>
#include <string_view>

#include "common/runlog/gob_wire.hpp"
#include "common/runlog/record.hpp"

namespace loadgen::runlog::gob {

/// What a field's value looks like on the wire.
enum class Shape { kUint, kInt, kBool, kText, kTime, kHeaders, kDetail };

struct FieldRow {
    std::string_view name;
    Shape shape;
    /// Reads the value and stores it. Null for kDetail, which has a table of its own.
    void (*take)(Cursor&, Record&);
};

/// vegeta's Result, and our additional field.
std::span<const FieldRow> result_fields();
/// The struct inside our additional field; `take` needs `record.detail` to be there.
std::span<const FieldRow> detail_fields();

}  // namespace loadgen::runlog::gob
