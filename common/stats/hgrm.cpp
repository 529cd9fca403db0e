#include "common/stats/hgrm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace loadgen::stats {
namespace {

constexpr std::size_t kMaxRows = 1'000'000;
constexpr int kBuckets = 26;  // powers of two above the first 2048 sub-buckets, and those
constexpr int kSubBuckets = 2048;
static_assert(Histogram::kIndexCount == (kBuckets + 1) * kSubBuckets / 2);

/// The percentile level of the next row: a fixed number of ticks to each halving of what is left to 100.
double next_level(double level, int ticks) {
    const double halvings = std::floor(std::log2(100.0 / (100.0 - level))) + 1;
    const double next = level + 100.0 / (ticks * std::exp2(halvings));
    return next > level ? next : 100.0;  // beyond 2^53 samples a step may be too small for a double
}

/// Twelve digits with halves away from zero, as the reference rounds; the levels are sums of powers of two,
/// so exact halves do occur.
double rounded_share(double level) {
    return std::floor(level / 100.0 * 1e12 + 0.5) / 1e12;
}

struct Rows {
    std::string& out;
    double unit_ns;

    void add(double value_ns, double level, std::uint64_t seen) const {
        out += fmt::format("{:12.3f} {:2.12f} {:10} {:14.2f}\n", value_ns / unit_ns, rounded_share(level),
                           seen, 1.0 / (1.0 - level / 100.0));
    }
    void add_last(double value_ns, std::uint64_t seen) const {
        out += fmt::format("{:12.3f} {:2.12f} {:10}\n", value_ns / unit_ns, 1.0, seen);
    }
};

/// Rows for every level that a bucket passes, as the reference's percentile iterator stops.
void append_rows(const Rows& rows, const Histogram& histogram, int ticks) {
    const auto max = static_cast<double>(histogram.max().count());
    const auto total = static_cast<double>(histogram.count());
    double level = 0;
    std::uint64_t seen = 0;
    for (std::size_t index = 0; seen < histogram.count(); ++index) {
        const std::uint64_t here = histogram.count_at(index);
        if (here == 0) continue;
        seen += here;
        const double value = std::min(max, static_cast<double>(Histogram::highest_value_at(index)));
        while (level < 100.0 && 100.0 * static_cast<double>(seen) / total >= level) {
            rows.add(value, level, seen);
            level = next_level(level, ticks);
            if (seen == histogram.count()) break;
        }
    }
    rows.add_last(max, histogram.count());
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<double> parse_finite(std::string_view text) {
    const std::optional<double> value = parse_number<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

/// The number behind "<name>" and "=" in a footer line such as "#[Mean    =  1.2, StdDeviation   = 0.3]".
std::string_view footer_field(std::string_view line, std::string_view name) {
    const std::size_t at = line.find(name);
    if (at == std::string_view::npos) return {};
    const std::size_t equals = line.find('=', at + name.size());
    if (equals == std::string_view::npos) return {};
    const std::string_view rest = line.substr(equals + 1);
    return trimmed(rest.substr(0, rest.find_first_of(",]")));
}

class Parser {
  public:
    Result<Hgrm> parse(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = text.find('\n');
            ++line_;
            const Result<void> read = read_line(trimmed(text.substr(0, end)));
            if (!read) return read.error();
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
        if (hgrm_.points.empty()) return error(ErrorCode::kSyntax, "no rows; expected a percentile table");
        if (!hgrm_.has_footer) hgrm_.total_count = hgrm_.points.back().total_count;
        return std::move(hgrm_);
    }

  private:
    Error error(ErrorCode code, std::string_view what) const {
        return {code, fmt::format("line {}: {}", line_, what)};
    }

    Error bad_field(std::string_view name, std::string_view found, std::string_view expected) const {
        return error(ErrorCode::kSyntax,
                     fmt::format("bad {} \"{}\": expected {}", name, found.substr(0, 40), expected));
    }

    Result<void> read_line(std::string_view line) {
        if (line.empty()) return {};
        if (line.starts_with('#')) return read_footer(line);
        if (line.starts_with("Value") || line.starts_with("\"Value\"")) return {};
        return read_row(line);
    }

    Result<void> read_footer(std::string_view line) {
        if (line.starts_with("#[Mean")) {
            const Result<void> mean = read_into(line, "Mean", hgrm_.mean);
            return mean ? read_into(line, "StdDeviation", hgrm_.standard_deviation) : mean;
        }
        if (!line.starts_with("#[Max")) return {};
        hgrm_.has_footer = true;
        const std::string_view field = footer_field(line, "Total count");
        const auto count = parse_number<std::uint64_t>(field);
        if (!count) return bad_field("Total count", field, "a whole number");
        hgrm_.total_count = *count;
        return read_into(line, "Max", hgrm_.max);
    }

    Result<void> read_into(std::string_view line, std::string_view name, double& target) {
        const std::string_view field = footer_field(line, name);
        const std::optional<double> value = parse_finite(field);
        if (!value) return bad_field(name, field, "a number");
        target = *value;
        return {};
    }

    Result<void> read_row(std::string_view line) {
        if (hgrm_.points.size() == kMaxRows) {
            return error(ErrorCode::kLimit, fmt::format("more than {} rows", kMaxRows));
        }
        std::array<std::string_view, 3> fields;
        for (std::string_view& field : fields) {
            constexpr std::string_view separators = " \t,";
            line.remove_prefix(std::min(line.find_first_not_of(separators), line.size()));
            field = line.substr(0, line.find_first_of(separators));
            line.remove_prefix(field.size());
        }
        const std::optional<double> value = parse_finite(fields[0]);
        if (!value) return bad_field("Value", fields[0], "a number");
        const std::optional<double> percentile = parse_finite(fields[1]);
        if (!percentile || *percentile < 0 || *percentile > 1) {
            return bad_field("Percentile", fields[1], "a number from 0 to 1");
        }
        const auto count = parse_number<std::uint64_t>(fields[2]);
        if (!count) return bad_field("TotalCount", fields[2], "a whole number");
        if (!hgrm_.points.empty()) {
            const HgrmPoint& last = hgrm_.points.back();
            if (*percentile < last.percentile)
                return bad_field("Percentile", fields[1], "no less than the row above");
            if (*value < last.value) return bad_field("Value", fields[0], "no less than the row above");
        }
        hgrm_.points.push_back({*value, *percentile, *count});
        return {};
    }

    Hgrm hgrm_;
    std::size_t line_ = 0;
};

}  // namespace

std::string format_hgrm(const Histogram& histogram, const HgrmOptions& options) {
    std::string out = fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount",
                                  "1/(1-Percentile)");
    if (histogram.count() != 0) {
        append_rows({out, options.unit_ns}, histogram, std::clamp(options.ticks_per_half_distance, 1, 1000));
    }
    const auto count = static_cast<double>(std::max<std::uint64_t>(histogram.count(), 1));
    const double mean = static_cast<double>(histogram.total().count()) / count;
    out += fmt::format("#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n", mean / options.unit_ns,
                       histogram.standard_deviation() / options.unit_ns);
    out += fmt::format("#[Max     = {:12.3f}, Total count    = {:12}]\n",
                       static_cast<double>(histogram.max().count()) / options.unit_ns, histogram.count());
    out += fmt::format("#[Buckets = {:12}, SubBuckets     = {:12}]\n", kBuckets, kSubBuckets);
    return out;
}

Result<Hgrm> parse_hgrm(std::string_view text) {
    return Parser().parse(text);
}

}  // namespace loadgen::stats
