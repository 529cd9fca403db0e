// `loadgen report`: what a result stream amounts to.
#pragma once

#include "loadgen/cli/options.hpp"

namespace loadgen::cli {

int report_command(int argc, char** argv);
CommandSpec describe_report();

}  // namespace loadgen::cli
