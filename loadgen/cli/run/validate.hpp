// `loadgen validate`: what is wrong with a scenario file.
#pragma once

#include "loadgen/cli/command.hpp"

namespace loadgen::cli {

CommandSpec describe_validate();
int validate_command(int argc, char** argv);

}  // namespace loadgen::cli
