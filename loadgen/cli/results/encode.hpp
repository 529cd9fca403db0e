// `loadgen encode`: results from one encoding to another.
#pragma once

#include "loadgen/cli/options.hpp"

namespace loadgen::cli {

int encode_command(int argc, char** argv);
CommandSpec describe_encode();

}  // namespace loadgen::cli
