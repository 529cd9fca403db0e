// Paths into variables as lodash's `get` reads them: "order.items[0].id", "a['b c']".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/scope.hpp"

namespace loadgen::text {

/// A variable, and the way to something inside of it.
struct ValuePath {
    Slot head = 0;
    std::vector<std::string> members;

    /// What it leads to; undefined when there is nothing. Arrays and texts have a `length`, texts have
    /// characters by number.
    Value read(std::span<const Value> slots) const;
    /// The same without a copy, or nullptr when there is nothing or it would have to be made.
    const Value* find(std::span<const Value> slots) const;
};

/// What an array, an object or a text has under this name.
Value member_value(const Value& holder, std::string_view name);

/// Length as in JavaScript: UTF-16 code units.
std::size_t utf16_length(std::string_view text);

/// Parts of a path, in order; never fails, as lodash's `toPath` does not.
std::vector<std::string> split_path(std::string_view path);

/// The head is the longest beginning of the path that is a known variable (names may hold dots), else its
/// first part, which becomes a slot; a text without dots and pairs of brackets is a name as it stands. The
/// error says "found …, expected …" without a place.
Result<ValuePath> parse_path(std::string_view path, SlotTable& slots);

}  // namespace loadgen::text
