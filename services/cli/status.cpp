// status: what runs under the supervisor of a folder.
#include "services/cli/commands.hpp"
#include "services/cli/control_lines.hpp"
#include "services/cli/data_option.hpp"
#include "services/supervisor/control_client.hpp"

namespace loadgen::services::cli {
namespace {

constexpr std::string_view kAbout =
    "usage: loadgen-services status --data DIR [--json]\n\n"
    "Shows where each service listens, and for each process its version, state, age, restarts, connections,\n"
    "requests and how many of them are being worked on.\n";

}  // namespace

int run_status(Words words) {
    std::string data;
    bool json = false;
    const std::vector<platform::OptionGroup> groups = {
        {"Options",
         {data_option(data, "the folder that `up` was given (required)"),
          {"--json", platform::into_flag(json), "print the supervisor's line as it is"}}}};
    platform::Arguments arguments;
    int exit_code = kExitDone;
    if (!parse_or_explain("status", kAbout, groups, words, arguments, exit_code)) return exit_code;
    auto done = refuse_words(arguments);
    if (done) done = require_data(data, "the folder that `up` was given");
    std::string text;
    if (done) {
        done = supervisor::ask_supervisor(
            data, {.command = supervisor::Command::kStatus, .deploy = {}},
            [&](std::string_view line) { text = json ? std::string(line) + '\n' : status_text(line); });
    }
    return done ? print(text) : fail("status", done.error());
}

}  // namespace loadgen::services::cli
