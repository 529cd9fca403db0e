// One row a subcommand. Adding a command is adding its file and its row.
#include <array>

#include "loadgen/cli/attack/attack.hpp"
#include "loadgen/cli/command.hpp"
#include "loadgen/cli/completion.hpp"
#include "loadgen/cli/results/encode.hpp"
#include "loadgen/cli/results/merge.hpp"
#include "loadgen/cli/results/plot.hpp"
#include "loadgen/cli/results/report.hpp"
#include "loadgen/cli/run/run.hpp"
#include "loadgen/cli/run/validate.hpp"

namespace loadgen::cli {

std::span<const Command> command_table() {
    static constexpr std::array kCommands{
        Command{"attack", attack_command, describe_attack},
        Command{"run", run_command, describe_run},
        Command{"validate", validate_command, describe_validate},
        Command{"report", report_command, describe_report},
        Command{"plot", plot_command, describe_plot},
        Command{"encode", encode_command, describe_encode},
        Command{"merge", merge_command, describe_merge},
        Command{"completion", completion_command, describe_completion},
    };
    return kCommands;
}

}  // namespace loadgen::cli
