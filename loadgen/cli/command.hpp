// The subcommands of loadgen as a table.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "loadgen/cli/options.hpp"

namespace loadgen::cli {

/// One subcommand. `run` gets the words after the command's name and answers with an exit code
/// (exit_code.hpp). `describe` gives its page for help and completion; the setters in it are not called.
struct Command {
    std::string_view name;
    int (*run)(int argc, char** argv);
    CommandSpec (*describe)();
};

/// Every subcommand, in the order help shows them.
std::span<const Command> command_table();

/// The program: global flags, then a subcommand. `argv[0]` is the program. Returns the exit code.
int run_program(int argc, char** argv);

/// The first page: what there is and how to go on.
std::string overview_text();

}  // namespace loadgen::cli
