#include "services/cli/program.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "services/cli/commands.hpp"
#include "services/table.hpp"

namespace loadgen::services::cli {
namespace {

constexpr std::size_t kColumn = 14;

constexpr std::array kCommands = {
    Command{"up", "up [SERVICE...] --data DIR [options]",
            "starts services under a supervisor that can deploy and restart them", run_up},
    Command{"serve", "serve SERVICE... --data DIR [options]", "serves in this process, without a supervisor",
            run_serve},
    Command{"status", "status --data DIR [--json]", "what runs under the supervisor of a folder", run_status},
    Command{"deploy", "deploy --data DIR --version V [options]",
            "replaces the running processes by new ones, and says what that cost", run_deploy},
    Command{"stop", "stop --data DIR", "drains and ends everything under a supervisor", run_stop},
    Command{"faults", "faults set|list|clear --data DIR [options]", "what shall go wrong on purpose",
            run_faults},
    Command{"queues", "queues --data DIR [--json]", "what waits on the bus", run_queues},
    Command{"dead-letters", "dead-letters QUEUE --data DIR", "events that were received too often",
            run_dead_letters},
    Command{"redrive", "redrive QUEUE [ID...] --data DIR", "puts dead letters back into their queue",
            run_redrive},
};

std::string row(std::string_view name, std::string_view summary) {
    std::string line = "  " + std::string(name);
    line.resize(std::max(kColumn, line.size() + 2), ' ');
    return line + std::string(summary) + '\n';
}

std::string overview() {
    std::string text =
        "loadgen-services: services to drive, redeploy and break\n\n"
        "usage: loadgen-services COMMAND [words and options]\n"
        "       loadgen-services SERVICE --data DIR [options]    one service in this process\n\n"
        "commands:\n";
    for (const Command& command : kCommands) text += row(command.name, command.summary);
    text += "\nservices:\n";
    for (const ServiceRow& service : service_table()) text += row(service.name, service.summary);
    return text +
           "\nstart:\n"
           "  loadgen-services up --data /tmp/shop               everything, until Ctrl-C\n"
           "  loadgen-services deploy --data /tmp/shop --version 1.1.0\n"
           "  loadgen-services birthday --data /tmp/b --port 8080\n\n"
           "`loadgen-services COMMAND --help` lists the options of a command.\n"
           "exit codes: 0 done, 1 it could not be done, 2 wrong usage\n";
}

}  // namespace

std::span<const Command> command_table() {
    return kCommands;
}

int fail(int code, std::string_view message) {
    std::fprintf(stderr, "loadgen-services: %.*s\n", static_cast<int>(message.size()), message.data());
    return code;
}

int fail(std::string_view where, const Error& error) {
    return fail(error.code == ErrorCode::kUsage ? kExitUsage : kExitFailed,
                std::string(where) + ": " + error.message);
}

int print(const std::string& text) {
    return std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0 ? kExitFailed : kExitDone;
}

bool parse_or_explain(std::string_view command, std::string_view about,
                      std::span<const platform::OptionGroup> groups, Words words,
                      platform::Arguments& arguments, int& exit_code) {
    auto read = platform::parse_options(groups, words);
    if (!read) {
        exit_code = fail(command, read.error());
        return false;
    }
    if (read->help) {
        exit_code = print(std::string(about) + "\n" + platform::options_help(groups));
        return false;
    }
    arguments = std::move(*read);
    return true;
}

int run_program(const std::vector<std::string_view>& words) {
    if (words.empty()) return fail(kExitUsage, "names no command and no service; --help lists them");
    const std::string_view name = words.front();
    if (name == "--help" || name == "-h" || name == "help") return print(overview());
    const Words rest = Words(words).subspan(1);
    for (const Command& command : kCommands) {
        if (command.name == name) return command.run(rest);
    }
    if (find_service(name) != nullptr) return run_serve(words);
    return fail(kExitUsage, '"' + std::string(name) + "\" is no command and no service; --help lists them");
}

}  // namespace loadgen::services::cli
