// Says where a text stops being JSON. Slow and exact: used only once simdjson has refused the text.
#pragma once

#include <string>
#include <string_view>

namespace loadgen::text {

/// "line 1, column 9: found '}', expected a value" for the first fault; empty when there is none.
std::string locate_json_fault(std::string_view json, std::size_t max_depth);

}  // namespace loadgen::text
