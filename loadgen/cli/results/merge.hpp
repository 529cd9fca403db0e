// `loadgen merge`: many result files or interval logs to one.
#pragma once

#include "loadgen/cli/options.hpp"

namespace loadgen::cli {

int merge_command(int argc, char** argv);
CommandSpec describe_merge();

}  // namespace loadgen::cli
