#include "loadgen/cli/run/run.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "loadgen/cli/exit_code.hpp"
#include "loadgen/cli/progress.hpp"
#include "loadgen/cli/results/stream_sink.hpp"
#include "loadgen/cli/run/load_script.hpp"
#include "loadgen/cli/run/output_files.hpp"
#include "loadgen/cli/run/run_report.hpp"
#include "loadgen/cli/run/run_settings.hpp"
#include "loadgen/cli/run/run_verdict.hpp"
#include "loadgen/cli/run/scenario_dry_run.hpp"
#include "loadgen/cli/run/scenario_json.hpp"
#include "loadgen/cli/run/scenario_report.hpp"
#include "loadgen/cli/run_signals.hpp"
#include "loadgen/engine/engine.hpp"
#include "loadgen/pacing/segment.hpp"
#include "loadgen/scripting/node/node_processor.hpp"
#include "loadgen/steps/metric_names.hpp"
#include "reports/render/artillery_reports.hpp"

namespace loadgen::cli {
namespace {

constexpr std::string_view kName = "run";

int fail(const Error& error) {
    print_error(kName, error.message);
    return error.code == ErrorCode::kIo || error.code == ErrorCode::kInternal ? kExitCouldNotMeasure
                                                                              : kExitUsage;
}

/// The engine's part of the plan.
plan::RunPlan run_plan(scenario::Loaded& loaded, const RunSettings& settings) {
    plan::RunPlan plan;
    plan.name = settings.name;
    plan.scenario = loaded.plan;
    plan.load = std::move(loaded.load);
    plan.connections = std::move(loaded.connections);
    plan.connections.allow_public = settings.yes;
    plan.sequence_header = false;
    plan.traceparent = settings.traceparent;
    plan.drain = settings.drain;
    plan.pace = settings.pace == "spin" ? plan::Pace::kSpin : plan::Pace::kSleep;
    plan.threads = static_cast<unsigned>(settings.threads);
    plan.capture.results = settings.results != "none";
    return plan;
}

void tell_seed(const plan::ScenarioPlan& plan, const RunSettings& settings) {
    std::fprintf(stderr, "loadgen run: -seed %llu repeats what chance decides in this run%s\n",
                 static_cast<unsigned long long>(plan.seed),
                 settings.segment.empty() ? "" : "; with -segment give all machines the same one");
}

/// Leaves this machine its share of the users, and of the limits on them.
Result<void> take_segment(scenario::Loaded& loaded, const std::string& segment) {
    if (segment.empty()) return {};
    const auto share = pacing::parse_share(segment);
    if (!share) return Error{ErrorCode::kUsage, "-segment: " + share.error().message};
    loaded.load.schedule = std::make_unique<pacing::Segment>(std::move(loaded.load.schedule), *share);
    loaded.plan->segment = *share;
    for (plan::ScenarioPhase& phase : loaded.plan->phases) {
        if (phase.max_users != 0)
            phase.max_users = std::max<std::uint64_t>(1, share->part_of(phase.max_users));
    }
    return {};
}

engine::ProcessorFactory processors_of(const plan::ScenarioPlan& plan) {
    if (plan.processor.empty()) return {};
    scripting::ProcessorOptions options;
    options.script = plan.processor;
    options.functions = plan.functions;
    options.test_id = plan.test_id;
    for (text::Slot slot = 0; slot < plan.initial.size(); ++slot) {
        if (!plan.initial[slot].is_undefined()) {
            options.shared_variables.emplace_back(plan.slots.name(slot), plan.initial[slot]);
        }
    }
    for (const plan::Journey& journey : plan.journeys) {
        options.scenarios.push_back(text::Value(text::Value::Object{{"name", text::Value(journey.name)}}));
    }
    return [options](io::Loop& loop) { return scripting::make_node_processor(loop, options); };
}

/// `before` and `after`: one user, once, apart from all figures. What it left in its variables is what the
/// others begin with.
Result<void> run_once(const plan::RunPlan& whole, const plan::Journey& journey, plan::ScenarioPlan& scenario,
                      const char* what, const engine::RunControl& control) {
    auto plan = std::make_shared<plan::ScenarioPlan>(scenario);
    plan->journeys = {journey};
    plan->phases.clear();
    plan->keeps_values = true;
    plan->segment = {};  // each machine has its own
    plan::RunPlan once;
    once.scenario = plan;
    once.connections = whole.connections;
    once.sequence_header = false;
    once.traceparent = whole.traceparent;
    once.threads = 1;
    auto load = pacing::make_constant_load({1, Nanos(1'000'000'000)}, Nanos(1'000'000'000));
    if (!load) return std::move(load).error();
    once.load = std::move(*load);
    auto result = engine::run(once, nullptr, nullptr, control, processors_of(*plan));
    if (!result) return std::move(result).error();
    if (result->users->completed == 0) {
        std::string why;
        for (const auto& [name, count] : result->users->book.total().counters) {
            if (!name.starts_with(steps::kErrors)) continue;
            why += (why.empty() ? ": " : ", ") + name.substr(steps::kErrors.size());
        }
        if (control.stop_requests() > 0) why = ": interrupted";
        return Error{ErrorCode::kIo, std::string("the `") + what + "` flow failed" + why};
    }
    if (!result->users->last_values.empty()) scenario.initial = result->users->last_values;
    return {};
}

void print_health(const std::vector<engine::Finding>& findings, bool quiet) {
    for (const engine::Finding& finding : findings) {
        if (quiet && !finding.invalid) continue;
        std::fprintf(stderr, "loadgen run: %s: %s\n", finding.invalid ? "measurement invalid" : "warning",
                     finding.text.c_str());
    }
}

bool fails_without_data(const plan::ScenarioPlan& plan) {
    return std::any_of(plan.data.begin(), plan.data.end(),
                       [](const plan::DataSet& data) { return data.at_end == plan::DataSet::AtEnd::kFail; });
}

/// That arrivals were left out because the script says so.
void tell_rows_ran_out(const engine::UserResult& users) {
    std::fprintf(
        stderr,
        "loadgen run: the rows of a `unique` payload ran out, and after the first %llu no users arrived "
        "(atEnd: stop)\n",
        static_cast<unsigned long long>(users.created));
}

/// False when one of them could not be written, which is told.
bool write_files(const engine::RunResult& result, const plan::RunPlan& plan, const ScenarioOutcome& outcome,
                 const RunSummary& summary, const RunSettings& settings) {
    bool all = true;
    const auto note = [&all](const Result<void>& written) {
        if (!written) print_error(kName, written.error().message);
        all = all && written;
    };
    if (!settings.output.empty())
        note(write_output_file(settings.output, reports::artillery_json(outcome.report)));
    if (!settings.json_file.empty()) {
        const auto more = [&](text::JsonWriter& json) {
            write_labels(json, settings);
            write_scenario_members(json, result, plan.scenario->seed, outcome);
        };
        note(write_run_json(settings.json_file, result, summary, plan, more));
    }
    if (result.result_error) note(*result.result_error);
    return all;
}

/// Why there is nothing to judge by; empty when there is.
std::string nothing_measured(const ScenarioOutcome& outcome, const RunSummary& summary) {
    // An assertion that fails proves something without any request.
    if (summary.requests == 0) return outcome.failed_expectations > 0 ? "" : nobody_asked(outcome);
    return summary.unanswered || outcome.answers == 0 ? nobody_answered(summary) : "";
}

int report(const engine::RunResult& result, const plan::RunPlan& plan, const plan::Checks& checks,
           const RunSettings& settings) {
    const ScenarioOutcome outcome = judge_run(result, checks);
    const RunSummary summary = summarise(result);
    if (!settings.quiet) {
        const std::string text = scenario_text(result, summary, outcome) + labels_text(settings);
        std::FILE* const where = files_on_stdout(settings) > 0 ? stderr : stdout;
        std::fwrite(text.data(), 1, text.size(), where);
        std::fflush(where);
    } else {
        std::fputs(broken_checks(outcome).c_str(), stderr);  // why it ends as it does is never hidden
    }
    print_health(result.findings, settings.quiet);
    const bool rows_fail = fails_without_data(*plan.scenario);
    if (result.users->out_of_data && !rows_fail && !settings.quiet) tell_rows_ran_out(*result.users);
    const bool all_written = write_files(result, plan, outcome, summary, settings);
    const RunVerdict verdict = judge_end({.outcome = outcome,
                                          .findings = result.findings,
                                          .interrupted = result.interrupted ? interrupted_exit_code() : 0,
                                          .rows_ran_out = result.users->out_of_data && rows_fail,
                                          .output_lost = !all_written,
                                          .nothing_measured = nothing_measured(outcome, summary)});
    for (const std::string& line : verdict.lines) print_error(kName, line);
    return verdict.exit_code;
}

int run(scenario::Loaded& loaded, const RunSettings& settings) {
    plan::RunPlan plan = run_plan(loaded, settings);
    if (auto usable = check_output_files(settings); !usable) return fail(usable.error());
    // What holds is no reason for how the run ends.
    if (settings.quiet && loaded.plan->expect.format == "pretty") loaded.plan->expect.format = "prettyError";
    std::unique_ptr<StreamSink> stream;
    if (plan.capture.results) stream = std::make_unique<StreamSink>(settings.results, runlog::Format::kGob);
    print_health(engine::preflight(plan), settings.quiet);
    if (!settings.quiet && settings.seed == 0) tell_seed(*loaded.plan, settings);
    install_run_signals();
    if (loaded.plan->before) {
        if (auto done = run_once(plan, *loaded.plan->before, *loaded.plan, "before", run_control()); !done) {
            const int code = fail(done.error());
            return run_control().stop_requests() > 0 ? interrupted_exit_code() : code;
        }
    }
    ProgressPrinter progress(settings.quiet ? ProgressPrinter::Style::kNone : ProgressPrinter::detect());
    auto result = engine::run(plan, stream.get(), &progress, run_control(), processors_of(*loaded.plan));
    progress.finish();
    if (!result) return fail(result.error());
    const engine::RunControl& after_run = begin_after_run();
    if (loaded.plan->after) {
        if (auto done = run_once(plan, *loaded.plan->after, *loaded.plan, "after", after_run); !done) {
            print_error(kName, done.error().message);
        }
    }
    return report(*result, plan, loaded.checks, settings);
}

}  // namespace

CommandSpec describe_run() {
    static RunSettings unused;
    return run_spec(unused);
}

int run_command(int argc, char** argv) {
    RunSettings settings;
    ParsedArguments parsed;
    int exit_code = kExitPass;
    const std::span<char* const> words(argv, static_cast<std::size_t>(argc));
    if (!parse_or_explain(run_spec(settings), words, parsed, exit_code)) return exit_code;
    if (parsed.positional.size() != 1) {
        print_error(kName, "expected one scenario file; see loadgen run --help");
        return kExitUsage;
    }
    auto loaded = load_script(settings, parsed.positional.front());
    print_findings(loaded.findings, settings.quiet);
    if (!loaded.ok) return kExitUsage;
    if (auto cut = take_segment(loaded, settings.segment); !cut) return fail(cut.error());
    if (settings.dry_run) {
        if (!settings.quiet && settings.seed == 0) tell_seed(*loaded.plan, settings);
        const std::string text =
            scenario_dry_run(*loaded.plan, loaded.load, settings.dry_run_limit, settings.traceparent);
        std::fwrite(text.data(), 1, text.size(), stdout);
        return kExitPass;
    }
    return run(loaded, settings);
}

}  // namespace loadgen::cli
