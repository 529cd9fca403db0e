#include "loadgen/cli/run_signals.hpp"

#include <unistd.h>

#include <csignal>

#include "loadgen/cli/exit_code.hpp"

namespace loadgen::cli {
namespace {

engine::RunControl control;
engine::RunControl after_control;
volatile std::sig_atomic_t run_is_over = 0;
volatile std::sig_atomic_t last_signal = 0;

void on_signal(int signal) {
    last_signal = signal;
    engine::RunControl& current = run_is_over != 0 ? after_control : control;
    if (current.stop_requests() >= 2) _exit(128 + signal);
    current.request_stop();
}

}  // namespace

engine::RunControl& run_control() {
    return control;
}

engine::RunControl& begin_after_run() {
    run_is_over = 1;
    return after_control;
}

void install_run_signals() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int interrupted_exit_code() {
    return last_signal == SIGTERM ? kExitTerminated : kExitInterrupted;
}

}  // namespace loadgen::cli
