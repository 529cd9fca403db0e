// Whole small files with a limit.
#pragma once

#include <cstddef>
#include <string>

#include "common/base/result.hpp"

namespace loadgen::pacing {

/// The bytes of a regular file or pipe. Errors: kNotFound, kIo (with the system's reason), kLimit; the text
/// begins with the path.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

}  // namespace loadgen::pacing
