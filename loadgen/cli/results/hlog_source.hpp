// An interval log read from a file, one interval at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/base/result.hpp"
#include "common/runlog/input_buffer.hpp"
#include "common/stats/hdr_log.hpp"

namespace loadgen::cli {

/// Memory is bounded by one line. Warns once on stderr when the log's lengths look like end times.
class HlogSource {
  public:
    static Result<HlogSource> open(const std::string& name);

    /// The next interval, or none at the end. Errors name the file and the line.
    Result<std::optional<stats::LogInterval>> next();

  private:
    HlogSource(std::string name, int fd);
    Result<bool> take_line(std::string& line);
    void warn_once();

    std::string name_;
    runlog::InputBuffer buffer_;
    stats::HdrLogReader reader_;
    bool warned_ = false;
};

}  // namespace loadgen::cli
