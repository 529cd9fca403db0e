// The commands, one file each.
#pragma once

#include "services/cli/program.hpp"

namespace loadgen::services::cli {

int run_up(Words words);
int run_serve(Words words);
int run_status(Words words);
int run_deploy(Words words);
int run_stop(Words words);
int run_faults(Words words);
int run_queues(Words words);
int run_dead_letters(Words words);
int run_redrive(Words words);

}  // namespace loadgen::services::cli
