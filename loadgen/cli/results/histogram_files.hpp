// Inputs that hold distributions instead of records: HdrHistogram's interval logs (.hlog) and percentile
// tables (.hgrm), told by the ends of their names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/runlog/byte_stream.hpp"

namespace loadgen::cli {

/// True when any of the files is one.
bool has_histogram_files(const std::vector<std::string>& files);

/// A report on interval logs added up (types text, hdrplot, hgrm), or on one percentile table (type text).
/// The error says which types there are.
Result<std::string> report_histogram_files(std::string_view type, const std::vector<std::string>& files);

/// Adds interval logs slot by slot, a slot being as long as the first interval of the first log, and writes
/// one log. Memory is bounded by one slot of every input.
Result<void> merge_histogram_logs(const std::vector<std::string>& files, const std::string& output);

}  // namespace loadgen::cli
