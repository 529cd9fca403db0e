// `loadgen plot`: results as one HTML file to look at.
#pragma once

#include "loadgen/cli/options.hpp"

namespace loadgen::cli {

int plot_command(int argc, char** argv);
CommandSpec describe_plot();

}  // namespace loadgen::cli
