// deploy: replaces what runs under a supervisor.
#include "services/cli/commands.hpp"
#include "services/cli/control_lines.hpp"
#include "services/cli/data_option.hpp"
#include "services/cli/version_option.hpp"
#include "services/supervisor/control_client.hpp"

namespace loadgen::services::cli {
namespace {

constexpr std::string_view kAbout =
    "usage: loadgen-services deploy --data DIR --version V [options]\n\n"
    "Starts the program anew under another version and ends the old processes. Prints each phase with its "
    "time,\n"
    "and returns when all is over: 0 when the new version serves, 1 when it does not.\n\n"
    "strategies:\n"
    "  rolling   one process at a time: the new one listens on the same socket and is ready before the old "
    "one\n"
    "            drains; nothing is lost\n"
    "  recreate  everything old drains and leaves with the port closed, then the new ones start; clients "
    "are\n"
    "            refused meanwhile\n"
    "  kill      SIGKILL, then start; what was in flight is lost\n";

platform::OptionValue into_strategy(supervisor::Strategy& strategy) {
    return {"S", "rolling, recreate or kill", [&strategy](std::string_view text) {
                const auto known = supervisor::parse_strategy(text);
                if (known) strategy = *known;
                return known.has_value();
            }};
}

}  // namespace

int run_deploy(Words words) {
    std::string data;
    bool json = false;
    supervisor::Request request{.command = supervisor::Command::kDeploy, .deploy = {}};
    supervisor::DeployRequest& deploy = request.deploy;
    const std::vector<platform::OptionGroup> groups = {
        {"Options",
         {data_option(data, "the folder that `up` was given (required)"),
          {"--version", into_version(deploy.version), "name of the new version (required)"},
          {"--strategy", into_strategy(deploy.strategy), "how the old makes way (default rolling)"},
          {"--instances", platform::into_number(deploy.instances, 1, supervisor::kMaxInstances),
           "how many processes there are afterwards (default: as many as before)"},
          {"--of", platform::into_text(deploy.of, "SERVICE", "a service"),
           "only this service; needs `up --separate` (default: all)"},
          {"--json", platform::into_flag(json), "print the supervisor's lines as they are"}}}};
    platform::Arguments arguments;
    int exit_code = kExitDone;
    if (!parse_or_explain("deploy", kAbout, groups, words, arguments, exit_code)) return exit_code;
    auto done = refuse_words(arguments);
    if (done) done = require_data(data, "the folder that `up` was given");
    if (done && deploy.version.empty()) {
        done = Error{ErrorCode::kUsage, "--version: is required: " + std::string(supervisor::kVersionRule)};
    }
    if (!done) return fail("deploy", done.error());
    bool failed = false;
    done = supervisor::ask_supervisor(data, request, [&](std::string_view line) {
        failed = is_failure(line);
        static_cast<void>(print(json ? std::string(line) + '\n' : deploy_text(line)));
    });
    if (!done) return fail("deploy", done.error());
    return failed ? kExitFailed : kExitDone;
}

}  // namespace loadgen::services::cli
