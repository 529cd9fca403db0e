// What report, encode and merge share: opening result files and reading them to their end.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/runlog/record_reader.hpp"
#include "loadgen/cli/results/patient_input.hpp"

namespace loadgen::cli {

/// Opens every file ("stdin" and "-" are standard input); no files mean standard input.
Result<std::vector<std::unique_ptr<runlog::RecordReader>>> open_result_files(
    const std::vector<std::string>& files, Ticker* ticker);

/// Refuses an output that is one of the inputs: it would be emptied before it is read.
Result<void> check_output(const std::string& output, const std::vector<std::string>& inputs);

/// Calls `use` for every record until the input ends, the user interrupts or `use` fails, and turns how it
/// ended into an exit code: 0; 130 or 143; 4 for an input cut off inside a record (what came before was used,
/// and stderr says so) and for I/O errors; 2 for input that does not parse (`usable` is then false: part of a
/// broken file is no result).
int read_all(std::string_view command, runlog::RecordReader& reader, Ticker* ticker,
             const std::function<Result<void>(const runlog::Record&)>& use, bool& usable);

/// The exit code for an error: 4 for the operating system's, else 2.
int exit_code_for(const Error& error);

/// Prints the error of a command; returns its exit code.
int fail_command(std::string_view command, const Error& error);

}  // namespace loadgen::cli
