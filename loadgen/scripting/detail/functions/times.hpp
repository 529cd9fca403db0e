// Instants as JavaScript writes them. Private to built_in_functions.
#pragma once

#include <string>

namespace loadgen::scripting {

/// "2024-05-06T07:08:09.120Z"; `milliseconds` since 1970, whole, in the years 1678 to 2261.
std::string iso_text(double milliseconds);

}  // namespace loadgen::scripting
