#include "loadgen/cli/results/plot.hpp"

#include <unistd.h>

#include "loadgen/cli/exit_code.hpp"
#include "loadgen/cli/interrupt.hpp"
#include "loadgen/cli/results/result_files.hpp"
#include "reports/model/plot_data.hpp"
#include "reports/render/plot_html.hpp"

namespace loadgen::cli {
namespace {

struct PlotSettings {
    std::string title = "Latency plot";
    std::uint64_t threshold = reports::PlotLimits{}.ok_points;
    std::string output = "stdout";
};

CommandSpec plot_spec(PlotSettings& settings) {
    return {
        .name = "plot",
        .summary = "draw results as one self-contained HTML file",
        .usage = "loadgen plot [flags] [file...]",
        .description =
            R"(Reads results in gob, JSON or CSV, each file in its own encoding, from standard input when no file
is named, and writes a page with latency over time, a heatmap, throughput, failures by cause and percentiles.
The file needs no network and no other file: mail it, attach it, open it from disk.

Every failure is drawn. Successful requests beyond the threshold are thinned to the fastest and the slowest
of each slice of time; tables and percentiles always count all of them. Attacks with different -name values
lie over one another, each from its own first request.
)",
        .examples =
            "  loadgen plot -output plot.html results.gob\n"
            "  loadgen plot -title 'before and after' before.gob after.gob > compare.html\n"
            "  loadgen attack -rate 100/s -duration 10s | loadgen plot > plot.html\n",
        .groups = {{"Flags",
                    {{"title", into(settings.title), "Latency plot", "Title of the page."},
                     {"threshold", into(settings.threshold), "4000",
                      "Most points drawn for the successful requests of an attack; 0 draws each."},
                     {"output", into_file(settings.output), "stdout", "File to write."}}}}};
}

int plot_records(const PlotSettings& settings, const std::vector<std::string>& files) {
    const InterruptGuard interrupts;
    auto readers = open_result_files(files, nullptr);
    if (!readers) return fail_command("plot", readers.error());
    const auto out = runlog::create_file(settings.output);
    if (!out) return fail_command("plot", out.error());
    const auto merged = runlog::merge_by_time(std::move(*readers));
    reports::PlotBuilder builder({.ok_points = settings.threshold});
    const auto add = [&](const runlog::Record& record) {
        builder.add(record);
        return Result<void>();
    };
    bool usable = true;
    const int exit_code = read_all("plot", *merged, nullptr, add, usable);
    if (!usable) return exit_code;
    const auto written = (*out)->write(reports::render_plot_html(builder.finish(), settings.title));
    return written ? exit_code : fail_command("plot", written.error());
}

}  // namespace

CommandSpec describe_plot() {
    PlotSettings unused;
    return plot_spec(unused);
}

int plot_command(int argc, char** argv) {
    PlotSettings settings;
    ParsedArguments parsed;
    int exit_code = kExitPass;
    const CommandSpec spec = plot_spec(settings);
    if (!parse_or_explain(spec, {argv, static_cast<std::size_t>(argc)}, parsed, exit_code)) return exit_code;
    if ((settings.output == "stdout" || settings.output == "-") && ::isatty(STDOUT_FILENO) != 0) {
        print_error("plot",
                    "the page is no reading for a terminal: name a file with -output plot.html, or redirect");
        return kExitUsage;
    }
    if (auto checked = check_output(settings.output, parsed.positional); !checked) {
        return fail_command("plot", checked.error());
    }
    return plot_records(settings, parsed.positional);
}

}  // namespace loadgen::cli
