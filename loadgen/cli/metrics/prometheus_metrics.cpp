// Text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/; OpenMetrics 1.0 has a
// stricter grammar: counters end in _total, bounds are floating point, and "# EOF" ends the text.
#include "loadgen/cli/metrics/prometheus_metrics.hpp"

#include <algorithm>
#include <charconv>

#include "common/http/header.hpp"
#include "common/text/utf8.hpp"

namespace loadgen::cli {
namespace {

constexpr std::string_view kOther = "(other)";
constexpr std::string_view kNotUtf8 = "\xEF\xBF\xBD";
constexpr std::uint64_t kTenthOfFirstDecade = 10'000;  // nanoseconds: a tenth of 100 us

/// A label's value, escaped. Labels must be UTF-8; URLs and messages need not be.
void append_label_value(std::string& out, std::string_view text) {
    text = text.substr(0, PrometheusMetrics::kMaxLabelBytes);
    while (!text.empty()) {
        const std::size_t length = text::utf8_sequence_length(text);
        if (length == 0) {
            out.append(kNotUtf8);
        } else if (text.front() == '\\' || text.front() == '"') {
            out.append(1, '\\').append(1, text.front());
        } else if (text.front() == '\n') {
            out.append("\\n");
        } else {
            out.append(text.substr(0, length));
        }
        text.remove_prefix(std::max<std::size_t>(1, length));
    }
}

std::string labels_of(std::string_view method, std::string_view url, std::uint16_t status) {
    std::string labels = "method=\"";
    append_label_value(labels, method);
    labels.append("\",url=\"");
    append_label_value(labels, url);
    labels.append("\",status=\"").append(std::to_string(status)).append("\"");
    return labels;
}

/// Seconds as a decimal fraction, exact. `dot_zero`: whole numbers as 1.0.
std::string seconds_text(std::uint64_t ns, bool dot_zero) {
    std::string text = std::to_string(ns / 1'000'000'000);
    std::string fraction = std::to_string(ns % 1'000'000'000);
    fraction.insert(0, 9 - fraction.size(), '0');
    fraction.erase(fraction.find_last_not_of('0') + 1);
    if (fraction.empty() && dot_zero) fraction = "0";
    if (!fraction.empty()) text.append(1, '.').append(fraction);
    return text;
}

void append_sample(std::string& out, std::string_view name, std::string_view labels, std::string_view more,
                   std::string_view value) {
    out.append(name).append("{").append(labels).append(more).append("} ").append(value).append("\n");
}

void append_family(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n");
    out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

std::string_view trim(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// Takes the part up to `separator` off `text`.
std::string_view take_part(std::string_view& text, char separator) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

/// One media range of an Accept header (RFC 9110 section 12.5.1).
struct MediaRange {
    std::string_view type;
    std::string_view version;
    double quality = 1;
};

MediaRange parse_range(std::string_view text) {
    MediaRange range;
    range.type = take_part(text, ';');
    while (!text.empty()) {
        std::string_view parameter = take_part(text, ';');
        const std::string_view name = take_part(parameter, '=');
        if (http::equal_name(name, "version")) range.version = trim(parameter);
        if (!http::equal_name(name, "q")) continue;
        const std::string_view value = trim(parameter);
        if (std::from_chars(value.data(), value.data() + value.size(), range.quality).ec != std::errc{}) {
            range.quality = 0;
        }
    }
    return range;
}

}  // namespace

std::string_view content_type(ExpositionFormat format) {
    return format == ExpositionFormat::kOpenMetrics
               ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
               : "text/plain; version=0.0.4; charset=utf-8";
}

ExpositionFormat choose_format(std::string_view accept) {
    double open_metrics = 0;
    double plain = 0;
    while (!accept.empty()) {
        const MediaRange range = parse_range(take_part(accept, ','));
        if (http::equal_name(range.type, "application/openmetrics-text")) {
            if (range.version.empty() || range.version == "1.0.0")
                open_metrics = std::max(open_metrics, range.quality);
        } else if (http::equal_name(range.type, "text/plain")) {
            plain = std::max(plain, range.quality);
        }
    }
    return open_metrics > 0 && open_metrics >= plain ? ExpositionFormat::kOpenMetrics
                                                     : ExpositionFormat::kPrometheus;
}

std::uint64_t PrometheusMetrics::bound_ns(std::size_t bucket) {
    std::uint64_t tenth = kTenthOfFirstDecade;
    for (std::size_t decade = bucket / kDecadeTenths.size(); decade > 0; --decade) tenth *= 10;
    return tenth * kDecadeTenths[bucket % kDecadeTenths.size()];
}

void PrometheusMetrics::add(const runlog::Record& record) {
    if (record.detail && record.detail->warm_up) return;
    static const auto bounds = [] {
        std::array<std::uint64_t, kBuckets> all{};
        for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) all[bucket] = bound_ns(bucket);
        return all;
    }();
    const auto latency = static_cast<std::uint64_t>(std::max(Nanos(0), record.latency).count());
    const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), latency) - bounds.begin();
    const std::lock_guard lock(mutex_);
    Series& series = series_of(record);
    ++series.counts[static_cast<std::size_t>(bucket)];
    series.sum_ns += latency;
    series.bytes_in += record.bytes_in;
    series.bytes_out += record.bytes_out;
    if (!record.error.empty()) add_failure(record);
}

PrometheusMetrics::Series& PrometheusMetrics::series_of(const runlog::Record& record) {
    key_.assign(std::to_string(record.code))
        .append(1, ' ')
        .append(record.method)
        .append(1, ' ')
        .append(record.url);
    if (const auto known = series_index_.find(key_); known != series_index_.end())
        return series_[known->second];
    const bool full = series_.size() >= kMaxSeries;
    if (full) {
        // One series a status is left: at most 1000 more.
        key_.assign(std::to_string(record.code)).append(1, ' ').append(kOther);
        if (const auto known = series_index_.find(key_); known != series_index_.end())
            return series_[known->second];
    }
    series_index_.emplace(key_, series_.size());
    Series& series = series_.emplace_back();
    series.labels =
        full ? labels_of(kOther, kOther, record.code) : labels_of(record.method, record.url, record.code);
    return series;
}

void PrometheusMetrics::add_failure(const runlog::Record& record) {
    key_.append(1, '\0').append(record.error);  // series_of left the key of the exchange's series
    auto known = failures_index_.find(key_);
    if (known == failures_index_.end() && failures_.size() >= kMaxFailures) {
        key_.assign(std::to_string(record.code));
        known = failures_index_.find(key_);
    }
    if (known == failures_index_.end()) {
        const bool full = failures_.size() >= kMaxFailures;
        std::string labels =
            full ? labels_of(kOther, kOther, record.code) : labels_of(record.method, record.url, record.code);
        labels.append(",message=\"");
        append_label_value(labels, full ? kOther : std::string_view(record.error));
        labels.append("\"");
        known = failures_index_.emplace(key_, failures_.size()).first;
        failures_.push_back({std::move(labels), 0});
    }
    ++failures_[known->second].count;
}

std::string PrometheusMetrics::render(ExpositionFormat format) const {
    std::vector<Series> series;
    std::vector<Failures> failures;
    {
        const std::lock_guard lock(mutex_);  // copied, so that the run does not wait for the text
        series = series_;
        failures = failures_;
    }
    const bool open_metrics = format == ExpositionFormat::kOpenMetrics;
    std::array<std::string, kBuckets + 1> bounds;
    for (std::size_t bucket = 0; bucket <= kBuckets; ++bucket) {
        const std::string le = bucket == kBuckets ? "+Inf" : seconds_text(bound_ns(bucket), open_metrics);
        bounds[bucket] = ",le=\"" + le + "\"";
    }
    std::string out;
    append_family(out, "request_seconds", "histogram", "Response time: from the instant a request was due.");
    for (const Series& one : series) {
        std::uint64_t count = 0;
        for (std::size_t bucket = 0; bucket <= kBuckets; ++bucket) {
            count += one.counts[bucket];
            append_sample(out, "request_seconds_bucket", one.labels, bounds[bucket], std::to_string(count));
        }
        append_sample(out, "request_seconds_sum", one.labels, {}, seconds_text(one.sum_ns, open_metrics));
        append_sample(out, "request_seconds_count", one.labels, {}, std::to_string(count));
    }
    const auto counter = [&](std::string name, std::string_view help, const auto& all, auto value_of) {
        append_family(out, name, "counter", help);
        if (open_metrics) name += "_total";
        for (const auto& one : all) append_sample(out, name, one.labels, {}, std::to_string(value_of(one)));
    };
    counter("request_bytes_in", "Bytes of response bodies.", series,
            [](const Series& one) { return one.bytes_in; });
    counter("request_bytes_out", "Bytes of request bodies.", series,
            [](const Series& one) { return one.bytes_out; });
    counter("request_fail_count", "Requests that failed, by what reports list as their error.", failures,
            [](const Failures& one) { return one.count; });
    if (open_metrics) out.append("# EOF\n");
    return out;
}

}  // namespace loadgen::cli
