#include "common/stats/hdr_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <ctime>
#include <utility>

namespace loadgen::stats {
namespace {

constexpr std::string_view kTagPrefix = "Tag=";
constexpr std::string_view kStartTime = "#[StartTime:";
constexpr std::string_view kBaseTime = "#[BaseTime:";
constexpr std::string_view kLegendBegin = "\"StartTimestamp\"";
constexpr double kYearSeconds = 365.0 * 24 * 3600;
constexpr double kMaxSeconds = 4.6e9;  // the year 2115: twice that still fits 64 bits of nanoseconds
constexpr std::size_t kMaxTagBytes = 1024;
constexpr std::int64_t kNanosPerMilli = 1'000'000;

std::int64_t floor_milli(std::int64_t ns) {
    return ns >= 0 ? ns / kNanosPerMilli : -((-ns + kNanosPerMilli - 1) / kNanosPerMilli);
}

double seconds(std::int64_t milli) {
    return static_cast<double>(milli) / 1000.0;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::optional<double> parse_number(std::string_view text) {
    double value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<double> parse_seconds(std::string_view text) {
    const std::optional<double> value = parse_number(text);
    return value && std::abs(*value) <= kMaxSeconds ? value : std::nullopt;
}

/// Cuts the text up to the next comma off `rest`; the whole rest when there is none.
std::string_view take_field(std::string_view& rest) {
    const std::size_t comma = rest.find(',');
    const std::string_view field = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    return field;
}

/// What a message quotes of a field: all of it, unless it is long.
std::string_view quoted(std::string_view field) {
    return field.substr(0, 40);
}

WallTime wall_time(double since_epoch) {
    // Milliseconds first: 1e9 seconds times 1e9 would round to steps of 128 ns anyway.
    return {std::llround(since_epoch * 1000.0) * kNanosPerMilli};
}

bool can_be_tag(std::string_view tag) {
    if (tag.size() > kMaxTagBytes) return false;
    for (const char c : tag) {
        if (c == ',' || static_cast<unsigned char>(c) <= ' ') return false;
    }
    return true;
}

}  // namespace

void append_hdr_log_header(std::string& out, WallTime start, std::string_view comment) {
    while (!comment.empty()) {
        const std::size_t end = comment.find('\n');
        out += fmt::format("#[{}]\n", comment.substr(0, end));
        comment.remove_prefix(end == std::string_view::npos ? comment.size() : end + 1);
    }
    const std::int64_t milli = floor_milli(start.unix_ns);
    const std::time_t whole = static_cast<std::time_t>(std::floor(seconds(milli)));
    out += "#[Histogram log format version 1.3]\n";
    out += fmt::format("#[StartTime: {:.3f} (seconds since epoch), {:%Y-%m-%dT%H:%M:%S}Z]\n", seconds(milli),
                       fmt::gmtime(whole));
    out += fmt::format("#[BaseTime: {:.3f} (seconds since epoch)]\n", seconds(milli));
    out += "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n";
}

Result<void> append_hdr_log_interval(std::string& out, WallTime base, const LogInterval& interval) {
    if (!can_be_tag(interval.tag)) {
        return Error{ErrorCode::kUsage,
                     fmt::format("histogram log: bad tag \"{}\": at most {} characters, without comma, "
                                 "space or control characters",
                                 quoted(interval.tag), kMaxTagBytes)};
    }
    const std::int64_t base_milli = floor_milli(base.unix_ns);
    const std::int64_t start = floor_milli(interval.start.unix_ns) - base_milli;
    const std::int64_t end = floor_milli(interval.start.unix_ns + interval.length.count()) - base_milli;
    if (!interval.tag.empty()) out += fmt::format("{}{},", kTagPrefix, interval.tag);
    out += fmt::format("{:.3f},{:.3f},{:.3f},", seconds(start), seconds(end - start),
                       static_cast<double>(interval.histogram.max().count()) / kNanosPerMilli);
    out += encode_hdr_base64(interval.histogram);
    out += '\n';
    return {};
}

Error HdrLogReader::error(ErrorCode code, std::string_view what) const {
    return {code, fmt::format("line {}: {}", line_number_, what)};
}

Result<void> HdrLogReader::read_comment(std::string_view line) {
    const bool is_start = line.starts_with(kStartTime);
    if (!is_start && !line.starts_with(kBaseTime)) return {};
    const std::string_view rest = trimmed(line.substr(is_start ? kStartTime.size() : kBaseTime.size()));
    const std::string_view number = rest.substr(0, rest.find_first_of(" ,]"));
    const std::optional<double> value = parse_seconds(number);
    if (!value) {
        return error(ErrorCode::kSyntax,
                     fmt::format("bad {} \"{}\": expected seconds since the epoch, such as 1700000000.000",
                                 is_start ? "StartTime" : "BaseTime", quoted(number)));
    }
    (is_start ? start_time_ : base_time_) = value;
    return {};
}

/// What to add to a log's timestamps. Without a BaseTime line, the reference reader's rule: timestamps more
/// than a year before StartTime count from it.
double HdrLogReader::base_seconds(double first_start) {
    if (!base_time_) {
        const double start = start_time_.value_or(0);
        base_time_ = first_start < start - kYearSeconds ? start : 0.0;
    }
    return *base_time_;
}

Result<HdrLogReader::Times> HdrLogReader::read_times(std::string_view start_text,
                                                     std::string_view length_text) {
    const std::optional<double> start = parse_seconds(start_text);
    if (!start) {
        return error(ErrorCode::kSyntax,
                     fmt::format("bad start \"{}\": expected seconds such as 12.000", quoted(start_text)));
    }
    const std::optional<double> length = parse_seconds(length_text);
    if (!length || *length < 0) {
        return error(
            ErrorCode::kSyntax,
            fmt::format("bad interval length \"{}\": expected seconds such as 1.000", quoted(length_text)));
    }
    const bool both_absolute = *start > kYearSeconds && *length >= *start;
    if (!legend_says_end_ && !both_absolute) return Times{*start, *length};
    lengths_were_ends_ = true;
    if (*length < *start) {
        return error(ErrorCode::kSyntax, fmt::format("the interval ends at {} before its start {}",
                                                     quoted(length_text), quoted(start_text)));
    }
    return Times{*start, *length - *start};
}

void HdrLogReader::look_for_ends(const std::string& tag, const Times& times) {
    constexpr double slack = 0.0015;  // both ends are rounded to milliseconds
    if (warning_.empty() && previous_ && previous_->start > 0 && previous_tag_ == tag) {
        const bool overlap = times.start < previous_->start + previous_->length - slack;
        const bool touch = std::abs(times.start - previous_->length) <= slack;
        if (overlap && touch) {
            warning_ = fmt::format(
                "line {}: the second field looks like the end of the interval, not its length (old C writers "
                "do that); it was taken as the length",
                line_number_);
        }
    }
    previous_ = times;
    previous_tag_ = tag;
}

Result<std::optional<LogInterval>> HdrLogReader::read_line(std::string_view line) {
    ++line_number_;
    line = trimmed(line);
    if (line.empty()) return std::optional<LogInterval>{};
    if (line.front() == '#') {
        const Result<void> read = read_comment(line);
        if (!read) return read.error();
        return std::optional<LogInterval>{};
    }
    if (line.starts_with(kLegendBegin)) {
        legend_says_end_ = line.find("EndTimestamp") != std::string_view::npos;
        return std::optional<LogInterval>{};
    }
    return read_interval(line);
}

Result<std::optional<LogInterval>> HdrLogReader::read_interval(std::string_view line) {
    LogInterval interval;
    std::string_view rest = line;
    if (rest.starts_with(kTagPrefix)) {
        const std::string_view tag = take_field(rest).substr(kTagPrefix.size());
        if (!can_be_tag(tag)) {
            return error(ErrorCode::kSyntax,
                         fmt::format("bad tag \"{}\": at most {} characters without spaces", quoted(tag),
                                     kMaxTagBytes));
        }
        interval.tag = tag;
    }
    const std::string_view start = trimmed(take_field(rest));
    const std::string_view length = trimmed(take_field(rest));
    const std::string_view maximum = trimmed(take_field(rest));
    const std::string_view payload = trimmed(take_field(rest));
    if (payload.empty()) {
        return error(ErrorCode::kSyntax,
                     "expected start, interval length, maximum and histogram, separated by commas");
    }
    const Result<Times> times = read_times(start, length);
    if (!times) return times.error();
    const double absolute_start = base_seconds(times->start) + times->start;
    if (std::abs(absolute_start) > kMaxSeconds) {
        return error(ErrorCode::kLimit,
                     fmt::format("start \"{}\" plus the base time is out of range", quoted(start)));
    }
    if (!parse_number(maximum)) {
        return error(ErrorCode::kSyntax,
                     fmt::format("bad maximum \"{}\": expected a number", quoted(maximum)));
    }
    Result<DecodedHdr> decoded = decode_hdr_base64(payload, options_);
    if (!decoded) return with_context(fmt::format("line {}: ", line_number_), decoded.error());
    look_for_ends(interval.tag, *times);
    interval.start = wall_time(absolute_start);
    interval.length = Nanos(std::llround(times->length * 1000.0) * kNanosPerMilli);
    interval.histogram = std::move(decoded->histogram);
    return std::optional<LogInterval>(std::move(interval));
}

Result<HdrLogReader> read_hdr_log(std::string_view text, const HdrDecodeOptions& options,
                                  const std::function<void(LogInterval&&)>& take) {
    HdrLogReader reader(options);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        Result<std::optional<LogInterval>> interval = reader.read_line(text.substr(0, end));
        if (!interval) return interval.error();
        if (interval->has_value()) take(std::move(**interval));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return reader;
}

}  // namespace loadgen::stats
