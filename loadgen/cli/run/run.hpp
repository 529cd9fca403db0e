// `loadgen run`: virtual users on the journeys of a scenario file.
#pragma once

#include "loadgen/cli/command.hpp"

namespace loadgen::cli {

CommandSpec describe_run();
int run_command(int argc, char** argv);

}  // namespace loadgen::cli
