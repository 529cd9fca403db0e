// Listening sockets: opened here, or by another process that hands them over in the protocol of systemd's
// socket activation (sd_listen_fds(3)), which the supervisor speaks too.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::services::platform {

struct ServerOptions;

/// Binds and listens as `options` say (host, port, backlog, reuse_port); close-on-exec, non-blocking. The
/// descriptor is the caller's. kUsage when the host is no IP address.
Result<int> open_listen_socket(const ServerOptions& options);

/// The sockets of this process by name. Environment: LISTEN_PID is this process, LISTEN_FDS how many there
/// are from descriptor 3 on, LISTEN_FDNAMES their names with colons between them. Empty without LISTEN_FDS,
/// or when LISTEN_PID names another process. Removes the variables, so that no child takes them for its own.
/// kUsage when a number is malformed, names and number differ, a name comes twice or a descriptor does not
/// listen. Call once, at the start of main.
Result<std::map<std::string, int, std::less<>>> take_listen_sockets();

}  // namespace loadgen::services::platform
