#include "loadgen/cli/attack/attack.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "loadgen/cli/attack/attack_settings.hpp"
#include "loadgen/cli/exit_code.hpp"
#include "loadgen/cli/metrics/prometheus_exporter.hpp"
#include "loadgen/cli/progress.hpp"
#include "loadgen/cli/results/stream_sink.hpp"
#include "loadgen/cli/run/run_report.hpp"
#include "loadgen/cli/run_signals.hpp"
#include "loadgen/engine/engine.hpp"
#include "loadgen/scenario/dry_run.hpp"
#include "reports/render/vegeta_reports.hpp"

namespace loadgen::cli {
namespace {

constexpr std::string_view kName = "attack";

int fail(const Error& error) {
    print_error(kName, error.message);
    return error.code == ErrorCode::kIo || error.code == ErrorCode::kInternal ? kExitCouldNotMeasure
                                                                              : kExitUsage;
}

int dry_run(const plan::RunPlan& plan, const AttackSettings& settings) {
    if (plan.closed_loop) {
        print_error(kName,
                    "-dry-run: a closed model has no schedule; its next request is due when an answer comes");
        return kExitUsage;
    }
    const auto written =
        scenario::write_dry_run(std::cout, plan.load, *plan.requests,
                                {.limit = settings.dry_run_limit, .json = settings.encoding == "json"});
    return written ? kExitPass : fail(written.error());
}

void print_findings(const std::vector<engine::Finding>& findings, bool quiet) {
    for (const engine::Finding& finding : findings) {
        if (quiet && !finding.invalid) continue;
        std::fprintf(stderr, "loadgen attack: %s: %s\n", finding.invalid ? "measurement invalid" : "warning",
                     finding.text.c_str());
    }
}

int exit_code_of(const engine::RunResult& result, const RunSummary& summary) {
    if (result.source_error) return fail(*result.source_error);
    if (result.result_error) {
        print_error(kName, result.result_error->message);
        return kExitCouldNotMeasure;
    }
    if (!result.valid()) return kExitCouldNotMeasure;
    if (result.issued == 0 && !result.interrupted) {
        print_error(kName, "nothing was sent: there was no target, or nothing due");
        return kExitCouldNotMeasure;
    }
    if (summary.unanswered) {
        print_error(kName, nobody_answered(summary));
        return kExitCouldNotMeasure;
    }
    if (result.interrupted) return interrupted_exit_code();
    return kExitPass;
}

/// The stream goes to stdout only when that is no terminal; a person gets the report instead.
bool streams_results(const AttackSettings& settings, bool terminal) {
    const bool to_stdout = settings.output == "stdout" || settings.output == "-";
    return settings.output != "none" && !(to_stdout && terminal);
}

/// Null when nobody asked for it.
Result<std::unique_ptr<PrometheusExporter>> open_exporter(const AttackSettings& settings) {
    if (settings.prometheus_address.empty()) return std::unique_ptr<PrometheusExporter>();
    auto exporter = PrometheusExporter::open(settings.prometheus_address);
    if (exporter) std::fprintf(stderr, "loadgen attack: metrics at %s\n", (*exporter)->url().c_str());
    return exporter;
}

/// The final figures stay for one more scrape; a signal ends the wait.
void linger(const PrometheusExporter& exporter, Nanos limit) {
    if (limit <= Nanos(0)) return;
    std::fflush(stdout);
    const int stops = run_control().stop_requests();
    exporter.linger(limit, [stops] { return run_control().stop_requests() > stops; });
}

int attack(plan::RunPlan& plan, const AttackSettings& settings) {
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    auto exporter = open_exporter(settings);
    if (!exporter) return fail(exporter.error());
    std::unique_ptr<StreamSink> stream;
    if (streams_results(settings, terminal)) {
        stream = std::make_unique<StreamSink>(settings.output, *runlog::format_from_name(settings.encoding));
    }
    if (auto writable = check_run_json(settings.json_file); !writable) return fail(writable.error());
    if (*exporter) (*exporter)->forward_to(stream.get());
    engine::ResultSink* sink = *exporter ? static_cast<engine::ResultSink*>(exporter->get()) : stream.get();
    plan.capture.results = sink != nullptr;
    print_findings(engine::preflight(plan), settings.quiet);
    install_run_signals();
    ProgressPrinter progress(settings.quiet ? ProgressPrinter::Style::kNone : ProgressPrinter::detect());
    auto result = engine::run(plan, sink, &progress, run_control());
    progress.finish();
    if (!result) return fail(result.error());
    const RunSummary summary = summarise(*result);
    if (terminal || settings.output == "none") {
        const std::string report = reports::text_report(summary.metrics);
        std::fwrite(report.data(), 1, report.size(), stdout);
    }
    print_findings(result->findings, settings.quiet);
    if (!settings.json_file.empty()) {
        if (auto written = write_run_json(settings.json_file, *result, summary, plan); !written)
            return fail(written.error());
    }
    if (*exporter) linger(**exporter, settings.prometheus_linger);
    return exit_code_of(*result, summary);
}

}  // namespace

CommandSpec describe_attack() {
    static AttackSettings unused;
    return attack_spec(unused);
}

int attack_command(int argc, char** argv) {
    AttackSettings settings;
    ParsedArguments parsed;
    int exit_code = kExitPass;
    const std::span<char* const> words(argv, static_cast<std::size_t>(argc));
    if (!parse_or_explain(attack_spec(settings), words, parsed, exit_code)) return exit_code;
    auto plan = make_plan(settings, parsed.given, parsed.positional);
    if (!plan) return fail(plan.error());
    if (settings.dry_run) return dry_run(*plan, settings);
    if (auto checked = check_destinations(*plan, settings); !checked) return fail(checked.error());
    return attack(*plan, settings);
}

}  // namespace loadgen::cli
