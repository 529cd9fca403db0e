// The files of a supervisor in its data folder: the lock that makes it the only one, and the socket that it
// is spoken to through.
#pragma once

#include <memory>
#include <string>

#include "common/base/result.hpp"

namespace loadgen::services::supervisor {

/// Held as long as the object lives; the system drops it with the process, however that ends.
class FolderLock {
  public:
    /// kUsage when another process holds it: the message names its id.
    static Result<std::unique_ptr<FolderLock>> take(const std::string& data);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

/// "<data>/control.sock".
std::string control_path(const std::string& data);

/// Binds and listens; only this user may connect (mode 0600). Replaces a socket that a dead supervisor left:
/// take the lock first. Works for paths that are longer than a socket address (107 bytes). The descriptor is
/// the caller's.
Result<int> listen_for_control(const std::string& data);
void remove_control_socket(const std::string& data);

/// Connects. kNotFound when no supervisor runs on the folder: the message says how to start one.
Result<int> connect_to_control(const std::string& data);

}  // namespace loadgen::services::supervisor
