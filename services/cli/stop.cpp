// stop: drains and ends everything under a supervisor.
#include "services/cli/commands.hpp"
#include "services/cli/data_option.hpp"
#include "services/supervisor/control_client.hpp"

namespace loadgen::services::cli {
namespace {

constexpr std::string_view kAbout =
    "usage: loadgen-services stop --data DIR\n\n"
    "Lets every process answer what it has accepted, and returns when all are gone and the supervisor too.\n";

}  // namespace

int run_stop(Words words) {
    std::string data;
    const std::vector<platform::OptionGroup> groups = {
        {"Options", {data_option(data, "the folder that `up` was given (required)")}}};
    platform::Arguments arguments;
    int exit_code = kExitDone;
    if (!parse_or_explain("stop", kAbout, groups, words, arguments, exit_code)) return exit_code;
    auto done = refuse_words(arguments);
    if (done) done = require_data(data, "the folder that `up` was given");
    if (done) {
        done = supervisor::ask_supervisor(data, {.command = supervisor::Command::kStop, .deploy = {}},
                                          [](std::string_view) {});
    }
    return done ? kExitDone : fail("stop", done.error());
}

}  // namespace loadgen::services::cli
