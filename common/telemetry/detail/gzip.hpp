// gzip (RFC 1952) of a whole text.
#pragma once

#include <string>
#include <string_view>

namespace loadgen::telemetry::detail {

std::string gzip(std::string_view bytes);

}  // namespace loadgen::telemetry::detail
