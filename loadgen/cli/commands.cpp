// One row a subcommand. Adding a command is adding its file and its row.
#include <array>

#include "loadgen/cli/command.hpp"
#include "loadgen/cli/completion.hpp"

namespace loadgen::cli {

std::span<const Command> command_table() {
    static constexpr std::array kCommands{
        Command{"completion", completion_command, describe_completion},
    };
    return kCommands;
}

}  // namespace loadgen::cli
