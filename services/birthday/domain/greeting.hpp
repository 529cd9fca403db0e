// What the greeter says.
#pragma once

#include <string>
#include <string_view>

namespace loadgen::services::birthday {

/// The sentence for a user whose birthday is `days` away; 0 is today.
std::string greeting(std::string_view username, int days);

}  // namespace loadgen::services::birthday
