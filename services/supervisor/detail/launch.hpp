// Starts a serving process.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace loadgen::services::supervisor::detail {

struct InheritedSocket {
    std::string service;
    int descriptor = -1;
};

/// What to start. The process gets the sockets in the way of systemd's socket activation (LISTEN_PID,
/// LISTEN_FDS, LISTEN_FDNAMES), the memory file in LOADGEN_TRAFFIC_FD, /dev/null as stdin, a pipe as stdout,
/// our stderr, and a process group of its own: an interrupt at the terminal is ours to pass on. When this
/// process dies, however that happens, it gets SIGTERM.
struct Launch {
    std::string program;                 ///< path
    std::vector<std::string> arguments;  ///< after the program's name
    std::vector<InheritedSocket> sockets;
    int traffic = -1;
};

struct Launched {
    pid_t pid = -1;
    int process = -1;  ///< pidfd: readable when the process has ended
    int output = -1;   ///< its stdout; non-blocking
};

/// The descriptors are the caller's. Single-threaded processes only. A program that cannot be run shows as a
/// process that exits with 127.
Result<Launched> launch(const Launch& what);

}  // namespace loadgen::services::supervisor::detail
