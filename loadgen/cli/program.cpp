// Global flags, help, and the way to the subcommands.
#include <sched.h>

#include <cstdio>

#include "loadgen/cli/command.hpp"
#include "loadgen/cli/exit_code.hpp"

namespace loadgen::cli {
namespace {

struct GlobalSettings {
    std::uint64_t cpus = 0;
    std::string profile;
    bool version = false;
};

CommandSpec global_spec(GlobalSettings& settings) {
    return {.name = "help",
            .summary = "a traffic engine that grades itself",
            .usage = "loadgen [global flags] COMMAND [flags] [file...]",
            .description = "",
            .examples = "",
            .groups = {{"Global flags",
                        {{"cpus", into(settings.cpus), "all", "Use only the first N processors allowed."},
                         {"profile", into_choice(settings.profile, {"cpu", "heap"}), "",
                          "Accepted for scripts written for vegeta and without effect: profile with perf."},
                         {"version", into(settings.version), "", "Print the version and exit."}}}}};
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

/// What GOMAXPROCS does for vegeta: fewer processors for the whole process. Nothing else has to know, because
/// thread counts are taken from the affinity mask.
void limit_processors(std::uint64_t count) {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (count == 0 || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    cpu_set_t chosen;
    CPU_ZERO(&chosen);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE && count > 0; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed)) continue;
        CPU_SET(cpu, &chosen);
        --count;
    }
    sched_setaffinity(0, sizeof chosen, &chosen);
}

const Command* find_command(std::string_view name) {
    for (const Command& command : command_table()) {
        if (command.name == name) return &command;
    }
    return nullptr;
}

int unknown_command(std::string_view name) {
    std::vector<std::string_view> known{"help", "version"};
    for (const Command& command : command_table()) known.push_back(command.name);
    const std::string_view similar = nearest_word(name, known);
    std::string message = "loadgen: unknown command \"" + std::string(name) + "\"";
    if (!similar.empty()) message += ", did you mean " + std::string(similar) + "?";
    std::fprintf(stderr, "%s\nRun 'loadgen help' for the commands there are.\n", message.c_str());
    return kExitUsage;
}

int print_version() {
    print("loadgen " LOADGEN_VERSION "\n");
    return kExitPass;
}

int help_command(std::span<char*> words) {
    if (words.empty()) {
        print(overview_text());
        return kExitPass;
    }
    const Command* command = find_command(words.front());
    if (command == nullptr) return unknown_command(words.front());
    print(help_text(command->describe()));
    return kExitPass;
}

int run_command(std::span<char*> words) {
    const std::string_view name = words.front();
    words = words.subspan(1);
    if (name == "help") return help_command(words);
    if (name == "version") return print_version();
    const Command* command = find_command(name);
    if (command == nullptr) return unknown_command(name);
    return command->run(static_cast<int>(words.size()), words.data());
}

}  // namespace

std::string overview_text() {
    std::string out =
        "loadgen - a traffic engine that grades itself\n\nUsage:\n"
        "  loadgen [global flags] COMMAND [flags] [file...]\n\nCommands:\n";
    for (const Command& command : command_table()) {
        std::string name(command.name);
        name.resize(13, ' ');
        ((out += "  " + name) += command.describe().summary) += '\n';
    }
    out +=
        "  help         show this page, or the page of a command: loadgen help report\n"
        "  version      print the version\n";
    GlobalSettings unused;
    const std::string page = help_text(global_spec(unused));
    out += page.substr(page.find("\nGlobal flags"));
    return out + R"(
Exit codes:
  0  completed; every budget and gate kept
  1  a budget, gate or check is broken
  2  usage or configuration error; nothing was measured
  3  inconclusive: not enough evidence
  4  could not measure: unreachable, I/O error, or the generator could not keep its schedule
  5  the wrapped command failed
  130, 143  interrupted or terminated; what was measured is reported
)";
}

int run_program(int argc, char** argv) {
    GlobalSettings settings;
    const std::span<char*> words(argv, static_cast<std::size_t>(argc));
    const std::span<char*> rest = words.empty() ? words : words.subspan(1);
    const auto parsed = parse_options(global_spec(settings), rest);
    if (!parsed) {
        std::fprintf(stderr, "loadgen: %s\nRun 'loadgen help' for the global flags.\n",
                     parsed.error().message.c_str());
        return kExitUsage;
    }
    if (parsed->help) return help_command({});
    if (settings.version) return print_version();
    if (!settings.profile.empty()) {
        std::fprintf(stderr, "loadgen: -profile has no effect here: use perf record\n");
    }
    limit_processors(settings.cpus);
    if (parsed->positional.empty()) {
        std::fprintf(stderr, "loadgen: expected a command\n\n%s", overview_text().c_str());
        return kExitUsage;
    }
    return run_command(rest.subspan(rest.size() - parsed->positional.size()));
}

}  // namespace loadgen::cli
