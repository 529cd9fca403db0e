// Secrets that the processes of one data folder share.
#pragma once

#include <string>

#include "common/base/result.hpp"

namespace loadgen::services::platform::auth {

/// The secret in the file at `path`: 64 hex digits of 32 random bytes when made here. A missing file is made
/// with mode 0600, whole or not at all, so that processes that start together agree. kUsage when others than
/// the owner may read it, it belongs to another user, or it holds fewer than 32 or more than 4096 bytes; kIo
/// when the system refuses. Surrounding white space is not part of the secret. Messages never hold it.
Result<std::string> load_or_create_secret(const std::string& path);

}  // namespace loadgen::services::platform::auth
