// `loadgen attack`: send load and record every exchange.
#pragma once

#include "loadgen/cli/options.hpp"

namespace loadgen::cli {

int attack_command(int argc, char** argv);
CommandSpec describe_attack();

}  // namespace loadgen::cli
