#include "loadgen/cli/run/validate.hpp"

#include <algorithm>
#include <cstdio>

#include "loadgen/cli/exit_code.hpp"
#include "loadgen/cli/run/load_script.hpp"
#include "loadgen/cli/run/run_settings.hpp"

namespace loadgen::cli {
namespace {

std::string counted(std::size_t count, const char* what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

CommandSpec describe_validate() {
    static RunSettings unused;
    return validate_spec(unused);
}

int validate_command(int argc, char** argv) {
    RunSettings settings;
    ParsedArguments parsed;
    int exit_code = kExitPass;
    const std::span<char* const> words(argv, static_cast<std::size_t>(argc));
    if (!parse_or_explain(validate_spec(settings), words, parsed, exit_code)) return exit_code;
    if (parsed.positional.size() != 1) {
        print_error("validate", "expected one scenario file; see loadgen validate --help");
        return kExitUsage;
    }
    const auto loaded = load_script(settings, parsed.positional.front());
    print_findings(loaded.findings, settings.quiet);
    const auto errors =
        std::count_if(loaded.findings.begin(), loaded.findings.end(),
                      [](const auto& finding) { return finding.severity == text::Severity::kError; });
    if (!loaded.ok) {
        std::fprintf(stderr, "%s: %s\n", parsed.positional.front().c_str(),
                     counted(static_cast<std::size_t>(errors), "error").c_str());
        return kExitUsage;
    }
    if (!settings.quiet) {
        std::printf("%s: no errors, %s, %s\n", parsed.positional.front().c_str(),
                    counted(loaded.plan->journeys.size(), "scenario").c_str(),
                    counted(loaded.plan->program.requests.size(), "request").c_str());
    }
    return kExitPass;
}

}  // namespace loadgen::cli
