// Small files of the data folder that others read while they are being replaced.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::services::platform {

/// Writes beside and renames: a reader sees the old content or the new one, never a part. Nothing is left
/// beside it when that fails: kIo with the system's reason. Not for what must survive a loss of power.
Result<void> replace_file(const std::string& path, std::string_view content);

}  // namespace loadgen::services::platform
