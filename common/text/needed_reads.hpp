// Which variables a text cannot do without: a loader tells those that nobody sets.
#pragma once

#include <string_view>
#include <vector>

#include "common/text/scope.hpp"

namespace loadgen::text {

/// Variables that the expression reads other than to ask whether they are there, which is what `exists(x)`,
/// `empty(x)` and `$coalesce(x, …)` do. Of a text that does not compile none. Any thread that owns `slots`.
std::vector<Slot> needed_by_expression(std::string_view text, SlotTable& slots,
                                       const FunctionTable& functions);
/// The same of a text with templates.
std::vector<Slot> needed_by_template(std::string_view text, SlotTable& slots, const FunctionTable& functions);

}  // namespace loadgen::text
