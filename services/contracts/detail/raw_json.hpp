// Finds the text of a member in JSON that was read already: the reader's tree knows values, not bytes.
#pragma once

#include <cstddef>
#include <string_view>

namespace loadgen::services::contracts::detail {

/// The text of the value of the member at `index` (from 0), without blanks around it. `object` must be valid
/// JSON and an object of more than `index` members; otherwise the answer is empty.
std::string_view raw_member(std::string_view object, std::size_t index);

}  // namespace loadgen::services::contracts::detail
