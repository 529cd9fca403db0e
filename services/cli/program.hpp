// The program: its commands as a table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/platform/option_table.hpp"

namespace loadgen::services::cli {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

using Words = std::span<const std::string_view>;

/// One command. `run` gets the words after its name and answers with the exit code.
struct Command {
    std::string_view name;
    std::string_view usage;    ///< "up [SERVICE...] --data DIR [options]"
    std::string_view summary;  ///< one line
    int (*run)(Words words);
};

std::span<const Command> command_table();

/// Runs the command that the first word names; a service's name stands for serving it alone.
int run_program(const std::vector<std::string_view>& words);

/// Prints "loadgen-services: message" to stderr and gives the code back.
int fail(int code, std::string_view message);
/// The same with "where: " before the message of `error`; the code is kExitUsage for kUsage.
int fail(std::string_view where, const Error& error);
/// Prints to stdout; kExitFailed when nobody takes it.
int print(const std::string& text);

/// What every command does first: reads its options; on --help prints the page and on an error the reason.
/// Returns true when the command is to go on.
bool parse_or_explain(std::string_view command, std::string_view about,
                      std::span<const platform::OptionGroup> groups, Words words,
                      platform::Arguments& arguments, int& exit_code);

}  // namespace loadgen::services::cli
