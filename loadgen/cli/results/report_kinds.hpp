// The types of report: each takes records and prints what they amount to.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/runlog/record.hpp"

namespace loadgen::cli {

class Report {
  public:
    virtual ~Report() = default;
    virtual void add(const runlog::Record& record) = 0;
    virtual std::string render() const = 0;
};

/// "text", "json", "hist[0,1ms]" (or "hist" with `buckets`), "hdrplot", "hgrm" or "hdrlog". The error lists
/// them.
Result<std::unique_ptr<Report>> make_report(std::string_view type, std::string_view buckets);

/// The types, for completion.
std::vector<std::string> report_types();

}  // namespace loadgen::cli
