// HdrHistogram interval logs (.hlog), format version 1.3: one histogram a line, with its place in time and a
// tag.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/stats/hdr_codec.hpp"
#include "common/stats/histogram.hpp"

namespace loadgen::stats {

/// One line of a log: what was recorded between `start` and `start` + `length`.
struct LogInterval {
    std::string tag;  ///< empty = none; no comma, no white space
    WallTime start;   ///< absolute; the format keeps milliseconds
    Nanos length{0};
    Histogram histogram;
};

/// Appends the lines that open a log: version, StartTime and BaseTime (both `start`), legend. `comment`
/// becomes comment lines above them.
void append_hdr_log_header(std::string& out, WallTime start, std::string_view comment = {});

/// Appends one interval; its start is written relative to `base`, the start given to the header. The length
/// is rounded so that intervals that touch still touch in milliseconds; the maximum is in milliseconds. Error
/// kUsage: a tag that the format cannot hold.
Result<void> append_hdr_log_interval(std::string& out, WallTime base, const LogInterval& interval);

/// Reads a log line by line, in memory bounded by one line. Not thread-safe.
///
/// Logs of every writer are taken: with or without StartTime, BaseTime and legend, with LF or CRLF. Old C
/// writers put the end of the interval where every reader expects its length. It is taken as an end, and
/// `lengths_were_ends()` says so, when the legend says EndTimestamp, or when start and "length" both are
/// absolute times. When neither tells, but intervals overlap as lengths and touch as ends, `warning()` names
/// the line and lengths are kept as written.
class HdrLogReader {
  public:
    explicit HdrLogReader(HdrDecodeOptions options = {}) : options_(options) {}

    /// One line without its line break. None for comments, legend and empty lines. Errors name the line and
    /// the field ("line 7: ..."); reading may go on after them.
    Result<std::optional<LogInterval>> read_line(std::string_view line);

    std::size_t lines() const { return line_number_; }
    std::optional<double> start_time_seconds() const { return start_time_; }  ///< since the epoch
    bool lengths_were_ends() const { return lengths_were_ends_; }
    const std::string& warning() const { return warning_; }  ///< empty when there is none

  private:
    struct Times {
        double start = 0;
        double length = 0;
    };

    Result<void> read_comment(std::string_view line);
    Result<std::optional<LogInterval>> read_interval(std::string_view line);
    Result<Times> read_times(std::string_view start_text, std::string_view length_text);
    void look_for_ends(const std::string& tag, const Times& times);
    double base_seconds(double first_start);
    Error error(ErrorCode code, std::string_view what) const;

    HdrDecodeOptions options_;
    std::size_t line_number_ = 0;
    std::optional<double> start_time_;
    std::optional<double> base_time_;
    bool legend_says_end_ = false;
    bool lengths_were_ends_ = false;
    std::string warning_;
    std::string previous_tag_;
    std::optional<Times> previous_;
};

/// Reads a whole log and hands every interval to `take`. The reader is returned for what it learned.
Result<HdrLogReader> read_hdr_log(std::string_view text, const HdrDecodeOptions& options,
                                  const std::function<void(LogInterval&&)>& take);

}  // namespace loadgen::stats
