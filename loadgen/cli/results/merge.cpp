#include "loadgen/cli/results/merge.hpp"

#include <algorithm>
#include <limits>

#include "common/runlog/record_writer.hpp"
#include "loadgen/cli/exit_code.hpp"
#include "loadgen/cli/interrupt.hpp"
#include "loadgen/cli/results/histogram_files.hpp"
#include "loadgen/cli/results/result_files.hpp"

namespace loadgen::cli {
namespace {

struct MergeSettings {
    std::string to = "gob";
    std::string output = "stdout";
    std::uint64_t window = 65'536;
};

CommandSpec merge_spec(MergeSettings& settings) {
    return {
        .name = "merge",
        .summary = "put result files or interval logs together, exactly",
        .usage = "loadgen merge [flags] file...",
        .description =
            R"(Writes every record of every input, ordered by the time its request was due; nothing is averaged or
sampled. Interval logs (.hlog) are merged interval by interval: the histograms of one slot of time and one
tag are added, which loses nothing either. Result files and interval logs do not mix.
)",
        .examples =
            "  loadgen merge -output all.gob host1.gob host2.gob\n"
            "  loadgen merge host*.gob | loadgen report\n"
            "  loadgen merge -output all.hlog host1.hlog host2.hlog\n",
        .groups = {{"Flags",
                    {{"to", into_choice(settings.to, {"gob", "json", "csv"}), "gob",
                      "The encoding of merged results."},
                     {"window", into(settings.window), "65536",
                      "How many records of each input are held to put them in order. Result files are "
                      "written as requests finish, so requests under way at once may be out of order."},
                     {"output", into_file(settings.output), "stdout", "File to write."}}}}};
}

int merge_records(const MergeSettings& settings, const std::vector<std::string>& files) {
    const InterruptGuard interrupts;
    auto readers = open_result_files(files, nullptr);
    if (!readers) return fail_command("merge", readers.error());
    const auto out = runlog::create_file(settings.output);
    if (!out) return fail_command("merge", out.error());
    for (auto& reader : *readers) {
        reader = std::make_unique<runlog::SortingReader>(std::move(reader), settings.window);
    }
    const auto merged = runlog::merge_by_time(std::move(*readers));
    const auto writer =
        runlog::make_record_writer(*runlog::format_from_name(settings.to), **out, runlog::Detail::kInclude);
    std::uint64_t late = 0;
    WallTime newest{std::numeric_limits<std::int64_t>::min()};
    bool usable = true;
    const auto write = [&](const runlog::Record& record) {
        if (record.timestamp < newest) ++late;
        newest = std::max(newest, record.timestamp);
        return writer->write(record);
    };
    const int exit_code = read_all("merge", *merged, nullptr, write, usable);
    if (const auto flushed = writer->flush(); !flushed) return fail_command("merge", flushed.error());
    if (late > 0) {
        print_error("merge", std::to_string(late) +
                                 " records stand after a later one: raise -window to put them in order");
    }
    return exit_code;
}

}  // namespace

CommandSpec describe_merge() {
    MergeSettings unused;
    return merge_spec(unused);
}

int merge_command(int argc, char** argv) {
    MergeSettings settings;
    ParsedArguments parsed;
    int exit_code = kExitPass;
    const CommandSpec spec = merge_spec(settings);
    if (!parse_or_explain(spec, {argv, static_cast<std::size_t>(argc)}, parsed, exit_code)) return exit_code;
    if (parsed.positional.empty() || settings.window == 0) {
        print_error("merge", parsed.positional.empty() ? "expected at least one file to merge"
                                                       : "flag -window: found 0, expected 1 or more");
        return kExitUsage;
    }
    if (auto checked = check_output(settings.output, parsed.positional); !checked) {
        return fail_command("merge", checked.error());
    }
    if (!has_histogram_files(parsed.positional)) return merge_records(settings, parsed.positional);
    const auto merged = merge_histogram_logs(parsed.positional, settings.output);
    return merged ? kExitPass : fail_command("merge", merged.error());
}

}  // namespace loadgen::cli
