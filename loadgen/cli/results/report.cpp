#include "loadgen/cli/results/report.hpp"

#include <unistd.h>

#include <algorithm>

#include "loadgen/cli/exit_code.hpp"
#include "loadgen/cli/interrupt.hpp"
#include "loadgen/cli/results/histogram_files.hpp"
#include "loadgen/cli/results/report_kinds.hpp"
#include "loadgen/cli/results/result_files.hpp"

namespace loadgen::cli {
namespace {

struct ReportSettings {
    std::string type = "text";
    std::string buckets;
    std::string output = "stdout";
    Nanos every{0};
};

CommandSpec report_spec(ReportSettings& settings) {
    OptionValue type = into(settings.type, "TYPE");
    type.choices = report_types();
    return {
        .name = "report",
        .summary = "print what results amount to",
        .usage = "loadgen report [flags] [file...]",
        .description =
            R"(Reads results in gob, JSON or CSV, each file in its own encoding, from standard input when no file
is named, and reports on all of them together. Files of loadgen and of vegeta are both read. HdrHistogram
logs (.hlog) are read too, and percentile tables (.hgrm) for type text.

Types: text (vegeta's eight lines; for our own results also response time, service time and send delay
side by side, causes, endpoints and connections), json (one line), hist[bounds] (counts between bounds),
hdrplot (vegeta's percentile table), hgrm (HdrHistogram's percentile table), hdrlog (an interval log, one
histogram a second).
)",
        .examples =
            "  loadgen report results.gob\n"
            "  loadgen attack -rate 100/s -duration 10s | loadgen report -every 1s\n"
            "  loadgen report -type 'hist[0,1ms,10ms,100ms]' a.gob b.csv\n"
            "  loadgen report -type json results.gob | jq .latencies\n"
            "  loadgen report -type hdrlog -output run.hlog results.gob\n",
        .groups = {{"Flags",
                    {{"type", std::move(type), "text", "What to print."},
                     {"every", into(settings.every), "0",
                      "Print a report each time this long has passed, and a last one at the end; 0 prints "
                      "only that."},
                     {"buckets", into(settings.buckets, "BOUNDS"), "",
                      "Bounds such as [0,1ms,10ms] for types json and hist."},
                     {"output", into_file(settings.output), "stdout", "File to write."}}}}};
}

/// Prints reports where the user wants them; in place when that is a terminal.
class Printer {
  public:
    Printer(const Report& report, bool redraw) : report_(report), redraw_(redraw) {}

    void open(std::unique_ptr<runlog::FdSink> out) { out_ = std::move(out); }

    Result<void> print() {
        if (out_ == nullptr) return {};
        return out_->write((redraw_ ? "\033[2J\033[0;0H" : "") + report_.render());
    }

  private:
    const Report& report_;
    bool redraw_;
    std::unique_ptr<runlog::FdSink> out_;
};

int report_records(const ReportSettings& settings, const std::vector<std::string>& files, Report& report) {
    const InterruptGuard interrupts;
    const bool every = settings.every > Nanos(0);
    Printer printer(report, every && settings.output == "stdout" && ::isatty(STDOUT_FILENO) != 0);
    Result<void> printed;
    Ticker ticker(settings.every, [&] {
        if (printed) printed = printer.print();
    });
    auto readers = open_result_files(files, &ticker);
    if (!readers) return fail_command("report", readers.error());
    auto out = runlog::create_file(settings.output);
    if (!out) return fail_command("report", out.error());
    printer.open(std::move(*out));
    const auto merged = runlog::merge_by_time(std::move(*readers));
    bool usable = true;
    const auto add = [&](const runlog::Record& record) {
        report.add(record);
        return printed;
    };
    const int exit_code = read_all("report", *merged, &ticker, add, usable);
    if (!usable) return exit_code;
    printed = printer.print();
    return printed ? exit_code : fail_command("report", printed.error());
}

Result<void> report_histograms(const ReportSettings& settings, const std::vector<std::string>& files) {
    const auto text = report_histogram_files(settings.type, files);
    if (!text) return text.error();
    const auto out = runlog::create_file(settings.output);
    return out ? (*out)->write(*text) : Result<void>(out.error());
}

}  // namespace

CommandSpec describe_report() {
    ReportSettings unused;
    return report_spec(unused);
}

int report_command(int argc, char** argv) {
    ReportSettings settings;
    ParsedArguments parsed;
    int exit_code = kExitPass;
    const CommandSpec spec = report_spec(settings);
    if (!parse_or_explain(spec, {argv, static_cast<std::size_t>(argc)}, parsed, exit_code)) return exit_code;
    if (settings.every < Nanos(0)) {
        print_error("report", "-every: found a negative duration, expected 0 or more");
        return kExitUsage;
    }
    auto report = make_report(settings.type, settings.buckets);
    if (!report) return fail_command("report", with_context("flag -type: ", report.error()));
    if (auto checked = check_output(settings.output, parsed.positional); !checked) {
        return fail_command("report", checked.error());
    }
    if (!has_histogram_files(parsed.positional)) return report_records(settings, parsed.positional, **report);
    const auto reported = report_histograms(settings, parsed.positional);
    return reported ? kExitPass : fail_command("report", reported.error());
}

}  // namespace loadgen::cli
