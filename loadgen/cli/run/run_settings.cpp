#include "loadgen/cli/run/run_settings.hpp"

#include <cstdio>

#include "common/base/uuid.hpp"
#include "loadgen/scripting/built_in_functions.hpp"
#include "loadgen/scripting/node/node_processor.hpp"

extern char** environ;

namespace loadgen::cli {
namespace {

OptionGroup script_group(RunSettings& s) {
    return {"Script",
            {{"target", into(s.target, "URL"), "", "Base of the URLs, instead of config.target.", "t"},
             {"config", into_file(s.config), "", "A file whose config is merged over the script's.", "c"},
             {"input", into_list(s.inputs, "FILE"), "", "Merge this file over the script, repeatable.", "i"},
             {"environment", into(s.environment, "NAME"), "",
              "Merge config.environments.NAME over the config.", "e"},
             {"scenario-name", into(s.scenario_name, "NAME"), "",
              "Run only this scenario; its name, or a regular expression that fits a part of it."},
             {"variables", into(s.variables, "JSON"), "", "An object, merged into config.variables.", "v"},
             {"overrides", into(s.overrides, "JSON"), "",
              "An object, merged over the whole script; lists in it replace those of the script."},
             {"payload", into_file(s.payload), "", "The CSV file of a payload without a path.", "p"},
             {"env-file", into_file(s.dotenv), "", "Read further environment variables from this file.",
              "dotenv"},
             {"solo", into(s.solo), "false", "One virtual user, whatever the phases say.", "s"},
             {"insecure", into(s.insecure), "false", "Accept any certificate.", "k"}}};
}

OptionGroup load_group(RunSettings& s) {
    return {
        "Load",
        {{"threads", into(s.threads), "one a core", "Threads that send."},
         {"pace", into_choice(s.pace, {"sleep", "spin"}), "sleep",
          "How to wait for the next arrival: sleep, or spin on the clock for microseconds' precision."},
         {"segment", into(s.segment, "K/N"), "",
          "Let the K-th of N shares of the users arrive; the other machines, with the same -seed, have the "
          "rest."},
         {"traceparent", into(s.traceparent), "false",
          "Send a W3C traceparent with each request, of a trace of its own; the script's own stay."},
         {"drain", into(s.drain), "no limit", "After the last arrival, let users go on for so long at most."},
         {"seed", into(s.seed), "random",
          "Seed of everything random; printed, so that a run can be repeated."},
         {"dry-run", into(s.dry_run), "false",
          "Print when users would arrive and what they would send; send nothing."},
         {"dry-run-limit", into(s.dry_run_limit), "20", "Print at most so many users."}}};
}

OptionGroup result_group(RunSettings& s) {
    return {"Results",
            {{"output", into_file(s.output), "",
              "Write Artillery's JSON report to this file; - = stdout, and the summary on stderr.", "o"},
             {"results", into_file(s.results), "none",
              "Write one record a request to this file (see `loadgen report`)."},
             {"json", into_file(s.json_file), "", "Write loadgen's own summary to this file; - likewise."},
             {"name", into(s.name, "NAME"), "", "Name of the run, in the summary and in -json."},
             {"tags", into(s.tags, "KEY:VALUE,…"), "", "Tags of the run, in the summary and in -json."},
             {"note", into(s.note), "", "A note for the reader, in the summary and in -json."},
             {"quiet", into(s.quiet), "false",
              "No progress, no warnings, no summary; only what makes the run fail.", "q"},
             {"yes", into(s.yes), "false", "Load public addresses, too."}}};
}

OptionGroup foreign_group(RunSettings& s) {
    return {"Accepted for Artillery's sake",
            {{"platform", into_choice(s.platform, {"local"}), "local", "Only this machine."},
             {"record", into(s.record), "false", "Without effect: nothing leaves the machine."},
             {"key", into(s.key), "", "Without effect."}}};
}

std::vector<std::pair<std::string, std::string>> process_environment() {
    std::vector<std::pair<std::string, std::string>> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

Result<std::vector<std::string>> exported_names(const std::string& path) {
    scripting::ProcessorOptions options;
    options.script = path;
    auto exported = scripting::list_exports(options);
    if (!exported) return std::move(exported).error();
    std::vector<std::string> names;
    for (const auto& function : *exported) names.push_back(function.name);
    return names;
}

}  // namespace

CommandSpec run_spec(RunSettings& settings) {
    return {
        .name = "run",
        .summary = "run a scenario file: virtual users on their journeys",
        .usage = "loadgen run [flags] SCRIPT",
        .description =
            "Runs an Artillery script unchanged: arrivals on the exact integral of the rate, each "
            "request charged from\n"
            "the instant it was due. docs/scenarios.md is the reference of the language.\n\n"
            "Exit codes: 0 all kept; 1 a check of ensure, expect or assert is broken; 2 the script is "
            "wrong and nothing\n"
            "was sent; 3 a check had no data; 4 could not measure: nobody answered, or this machine came too "
            "late\n"
            "and nothing is proven broken; 130/143 interrupted, with the report written.",
        .examples =
            "  loadgen run load.yml                          # as it says\n"
            "  loadgen run -t http://127.0.0.1:8080 load.yml # against another target\n"
            "  loadgen run -e staging -o report.json load.yml\n"
            "  loadgen run --solo load.yml                   # one user, to try it out\n",
        .groups = {script_group(settings), load_group(settings), result_group(settings),
                   foreign_group(settings)},
        .flags_anywhere = true};
}

CommandSpec validate_spec(RunSettings& settings) {
    return {
        .name = "validate",
        .summary = "check a scenario file before any traffic",
        .usage = "loadgen validate [flags] SCRIPT",
        .description =
            "Finds what is wrong with a script, all of it at once, with file, line and column. Sends "
            "nothing.\n"
            "Exit codes: 0 no errors (there may be warnings), 2 errors.",
        .examples = "  loadgen validate load.yml\n  loadgen validate -e staging load.yml\n",
        .groups = {script_group(settings),
                   {"Output", {{"quiet", into(settings.quiet), "false", "Errors only, no warnings.", "q"}}}},
        .flags_anywhere = true};
}

scenario::LoadOptions load_options(const RunSettings& settings, const std::string& script) {
    scenario::LoadOptions options;
    options.script = script;
    options.inputs = settings.inputs;
    options.config = settings.config;
    options.environment = settings.environment;
    options.target = settings.target;
    options.variables = settings.variables;
    options.overrides = settings.overrides;
    options.payload = settings.payload;
    options.scenario_name = settings.scenario_name;
    options.dotenv = settings.dotenv;
    options.tags = settings.tags;
    options.solo = settings.solo;
    options.insecure = settings.insecure;
    options.seed = settings.seed != 0 ? settings.seed : entropy_seed();
    options.test_id = new_uuid();
    options.process_environment = process_environment();
    options.functions = &scripting::built_in_functions();
    options.list_functions = exported_names;
    return options;
}

void print_findings(const std::vector<text::Finding>& findings, bool quiet) {
    for (const text::Finding& finding : findings) {
        if (quiet && finding.severity == text::Severity::kWarning) continue;
        std::fprintf(stderr, "%s\n", text::to_text(finding).c_str());
    }
}

}  // namespace loadgen::cli
