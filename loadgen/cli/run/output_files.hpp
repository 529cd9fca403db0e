// The files that `loadgen run` writes.
#pragma once

#include <string>

#include "common/base/result.hpp"
#include "loadgen/cli/run/run_settings.hpp"

namespace loadgen::cli {

/// How many of them are standard output, which then has nothing else.
int files_on_stdout(const RunSettings& settings);

/// Before anything is sent: that no two are one file (kUsage), and that the reports can be written (kIo).
Result<void> check_output_files(const RunSettings& settings);

/// "-" and "stdout" are standard output. kIo names the file.
Result<void> write_output_file(const std::string& path, const std::string& text);

}  // namespace loadgen::cli
