// What we measure beyond vegeta, as the blocks below its text report and the last member of its JSON report.
#pragma once

#include <string>

#include "common/text/json_writer.hpp"
#include "reports/model/metrics.hpp"

namespace loadgen::reports {

/// Response time, service time and send delay side by side, then causes, endpoints and connections. Empty
/// when `metrics` has no detail.
std::string detail_text(const Metrics& metrics);

/// The slowest requests as a table under a heading of its own: when they were due (from the start of the
/// run), their three times, how they ended, what they were, and their traces. Empty when there are none.
std::string slowest_text(const Metrics& metrics);

/// The member "loadgen" of the report's object; `json` stands inside it. Nothing without detail.
void write_detail_json(text::JsonWriter& json, const Metrics& metrics);

}  // namespace loadgen::reports
