#include "loadgen/cli/results/encode.hpp"

#include "common/runlog/record_writer.hpp"
#include "loadgen/cli/exit_code.hpp"
#include "loadgen/cli/interrupt.hpp"
#include "loadgen/cli/results/result_files.hpp"

namespace loadgen::cli {
namespace {

struct EncodeSettings {
    std::string to = "json";
    std::string output = "stdout";
    bool detail = false;
};

CommandSpec encode_spec(EncodeSettings& settings) {
    return {
        .name = "encode",
        .summary = "turn results into gob, JSON or CSV",
        .usage = "loadgen encode [flags] [file...]",
        .description =
            R"(Reads results in gob, JSON or CSV, each file in its own encoding, from standard input when no file
is named. What is written is what vegeta writes, so that its tools and jq scripts keep working. Columns of
the CSV, without a header line: time in ns since 1970, status code, latency in ns, bytes out, bytes in,
error, base64 body, attack name, sequence number, method, URL, base64 response headers.
)",
        .examples =
            "  loadgen encode -to csv results.gob > results.csv\n"
            "  loadgen encode results.gob | jq -c 'select(.code != 200)' | loadgen report\n"
            "  loadgen encode -detail results.gob | jq .loadgen.send_delay\n",
        .groups = {{"Flags",
                    {{"to", into_choice(settings.to, {"json", "csv", "gob"}), "json", "The encoding."},
                     {"detail", into(settings.detail), "",
                      "JSON: add what loadgen measures beyond vegeta as member \"loadgen\". Gob always "
                      "carries it where vegeta skips it."},
                     {"output", into_file(settings.output), "stdout", "File to write."}}}}};
}

int encode_records(const EncodeSettings& settings, const std::vector<std::string>& files) {
    const InterruptGuard interrupts;
    auto readers = open_result_files(files, nullptr);
    if (!readers) return fail_command("encode", readers.error());
    const auto out = runlog::create_file(settings.output);
    if (!out) return fail_command("encode", out.error());
    const auto merged = runlog::merge_by_time(std::move(*readers));
    const runlog::Format format = *runlog::format_from_name(settings.to);
    const bool detail = settings.detail || format == runlog::Format::kGob;
    const auto writer =
        runlog::make_record_writer(format, **out, detail ? runlog::Detail::kInclude : runlog::Detail::kOmit);
    bool usable = true;
    const int exit_code = read_all(
        "encode", *merged, nullptr, [&](const runlog::Record& record) { return writer->write(record); },
        usable);
    const auto flushed = writer->flush();
    return flushed ? exit_code : fail_command("encode", flushed.error());
}

}  // namespace

CommandSpec describe_encode() {
    EncodeSettings unused;
    return encode_spec(unused);
}

int encode_command(int argc, char** argv) {
    EncodeSettings settings;
    ParsedArguments parsed;
    int exit_code = kExitPass;
    const CommandSpec spec = encode_spec(settings);
    if (!parse_or_explain(spec, {argv, static_cast<std::size_t>(argc)}, parsed, exit_code)) return exit_code;
    if (auto checked = check_output(settings.output, parsed.positional); !checked) {
        return fail_command("encode", checked.error());
    }
    return encode_records(settings, parsed.positional);
}

}  // namespace loadgen::cli
