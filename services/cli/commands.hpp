// The commands, one file each.
#pragma once

#include "services/cli/program.hpp"

namespace loadgen::services::cli {

int run_up(Words words);
int run_serve(Words words);
int run_status(Words words);
int run_deploy(Words words);
int run_stop(Words words);

}  // namespace loadgen::services::cli
