// Ctrl-C the way every command treats it: the first asks to stop and report, the second leaves at once.
#pragma once

namespace loadgen::cli {

/// Takes over SIGINT and SIGTERM for its life. One at a time in a process.
class InterruptGuard {
  public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    /// True once a signal came. Blocking system calls return EINTR when it does.
    static bool requested();
    /// kExitInterrupted or kExitTerminated, after requested().
    static int exit_code();
};

}  // namespace loadgen::cli
