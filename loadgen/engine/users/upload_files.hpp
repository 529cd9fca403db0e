// Files to upload whose names only the users know, as in `fromFile: "./{{ name }}"`.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "common/base/result.hpp"

namespace loadgen::engine {

/// Keeps what it has read, up to 256 MiB. Of one thread, which it holds up while a file is read for the first
/// time: files should be local.
class UploadFiles {
  public:
    /// Errors: kNotFound, kIo, kLimit (beyond 64 MiB); the text begins with the path.
    Result<std::shared_ptr<const std::string>> get(const std::string& path);

  private:
    std::unordered_map<std::string, std::shared_ptr<const std::string>> kept_;
    std::size_t kept_bytes_ = 0;
};

}  // namespace loadgen::engine
