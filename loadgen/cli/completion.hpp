// `loadgen completion bash|zsh|fish`: scripts for the shell, made from the option tables.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "loadgen/cli/options.hpp"

namespace loadgen::cli {

/// The completion script for a shell, or a usage error that names the shells there are.
Result<std::string> completion_script(std::string_view shell);

int completion_command(int argc, char** argv);
CommandSpec describe_completion();

}  // namespace loadgen::cli
