// A WebSocket client on a blocking socket, for the interop test.
#pragma once

#include <string>

namespace loadgen::test {

/// Connects to 127.0.0.1:`port`, asks for `path`, and does what the script on standard input says, a line
/// each: "text HEX", "binary HEX", "ping HEX", "close CODE HEX", "wait N" (until N lines have been printed).
/// Prints a line for each event. Returns the exit code.
int run_websocket(const std::string& port, const std::string& path);

}  // namespace loadgen::test
