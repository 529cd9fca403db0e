#include "loadgen/cli/interrupt.hpp"

#include <csignal>

#include "loadgen/cli/exit_code.hpp"

namespace loadgen::cli {
namespace {

volatile std::sig_atomic_t received = 0;

void remember(int signal) {
    received = signal;
}

}  // namespace

InterruptGuard::InterruptGuard() {
    received = 0;
    struct sigaction action {};
    action.sa_handler = remember;
    // Without SA_RESTART a blocked read returns; with SA_RESETHAND the second signal ends the process.
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

InterruptGuard::~InterruptGuard() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

bool InterruptGuard::requested() {
    return received != 0;
}

int InterruptGuard::exit_code() {
    return received == SIGTERM ? kExitTerminated : kExitInterrupted;
}

}  // namespace loadgen::cli
