#include "loadgen/cli/results/histogram_files.hpp"

#include <algorithm>

#include "common/stats/hgrm.hpp"
#include "loadgen/cli/results/hlog_source.hpp"
#include "reports/render/distribution_report.hpp"
#include "reports/render/vegeta_reports.hpp"

namespace loadgen::cli {
namespace {

bool is_hlog(std::string_view name) {
    return name.ends_with(".hlog");
}

bool is_hgrm(std::string_view name) {
    return name.ends_with(".hgrm");
}

Error mixed_inputs(std::string_view kind) {
    return {ErrorCode::kUsage, "the inputs are of several kinds: " + std::string(kind)};
}

Result<std::string> read_whole(const std::string& name) {
    constexpr std::size_t kLimit = 64U << 20U;
    const auto fd = runlog::open_for_reading(name);
    if (!fd) return fd.error();
    runlog::InputBuffer buffer(std::make_unique<runlog::FdInput>(*fd), kLimit);
    while (!buffer.ended()) {
        if (auto filled = buffer.fill(); !filled) return with_context(name + ": ", filled.error());
    }
    return std::string(buffer.bytes());
}

Result<std::string> report_table(std::string_view type, const std::vector<std::string>& files) {
    if (files.size() != 1) return mixed_inputs("percentile tables cannot be added; name one .hgrm file");
    if (type != "text") {
        return Error{ErrorCode::kUsage, "flag -type: found \"" + std::string(type) +
                                            "\", a .hgrm file has percentiles only: expected text"};
    }
    const auto text = read_whole(files.front());
    if (!text) return text.error();
    const auto table = stats::parse_hgrm(*text);
    if (!table) return with_context(files.front() + ": ", table.error());
    return reports::table_report(*table);
}

Result<stats::Histogram> add_up(const std::vector<std::string>& files) {
    stats::Histogram sum;
    for (const std::string& name : files) {
        auto source = HlogSource::open(name);
        if (!source) return source.error();
        while (true) {
            auto interval = source->next();
            if (!interval) return interval.error();
            if (!*interval) break;
            sum.merge((*interval)->histogram);
        }
    }
    if (sum.count() == 0) return Error{ErrorCode::kUsage, files.front() + ": holds no values"};
    return sum;
}

/// The inputs of a merge, each with its next interval.
class SlotMerger {
  public:
    Result<void> open(const std::vector<std::string>& files) {
        for (const std::string& name : files) {
            auto source = HlogSource::open(name);
            if (!source) return source.error();
            inputs_.push_back({std::move(*source), std::nullopt});
            if (auto advanced = advance(inputs_.back()); !advanced) return advanced;
            if (slot_ == Nanos(0) && inputs_.back().head) slot_ = inputs_.back().head->length;
        }
        if (slot_ <= Nanos(0)) slot_ = std::chrono::seconds(1);
        return {};
    }

    std::optional<WallTime> start() const {
        std::optional<WallTime> earliest;
        for (const Input& input : inputs_) {
            if (input.head) earliest = std::min(earliest.value_or(input.head->start), input.head->start);
        }
        return earliest;
    }

    /// The sums of the earliest slot, one a tag; empty at the end.
    Result<std::vector<stats::LogInterval>> next() {
        std::vector<stats::LogInterval> sums;
        const auto earliest = start();
        if (!earliest) return sums;
        const std::int64_t slot = slot_of(*earliest);
        for (Input& input : inputs_) {
            while (input.head && slot_of(input.head->start) == slot) {
                add(sums, std::move(*input.head));
                if (auto advanced = advance(input); !advanced) return advanced.error();
            }
        }
        return sums;
    }

  private:
    struct Input {
        HlogSource source;
        std::optional<stats::LogInterval> head;
    };

    static Result<void> advance(Input& input) {
        auto interval = input.source.next();
        if (!interval) return interval.error();
        input.head = std::move(*interval);
        return {};
    }

    std::int64_t slot_of(WallTime time) const {
        // The format keeps milliseconds: a start may have been rounded to just before its slot.
        constexpr std::int64_t kHalfMilli = 500'000;
        return (time.unix_ns + kHalfMilli) / slot_.count();
    }

    static void add(std::vector<stats::LogInterval>& sums, stats::LogInterval interval) {
        const auto same =
            std::find_if(sums.begin(), sums.end(), [&](const auto& sum) { return sum.tag == interval.tag; });
        if (same == sums.end()) {
            sums.push_back(std::move(interval));
            return;
        }
        const std::int64_t end = std::max(same->start.unix_ns + same->length.count(),
                                          interval.start.unix_ns + interval.length.count());
        same->start = std::min(same->start, interval.start);
        same->length = Nanos(end - same->start.unix_ns);
        same->histogram.merge(interval.histogram);
    }

    std::vector<Input> inputs_;
    Nanos slot_{0};
};

}  // namespace

bool has_histogram_files(const std::vector<std::string>& files) {
    return std::any_of(files.begin(), files.end(),
                       [](const std::string& name) { return is_hlog(name) || is_hgrm(name); });
}

Result<std::string> report_histogram_files(std::string_view type, const std::vector<std::string>& files) {
    if (std::all_of(files.begin(), files.end(), is_hgrm)) return report_table(type, files);
    if (!std::all_of(files.begin(), files.end(), is_hlog)) {
        return mixed_inputs("name either result files, or .hlog files, or one .hgrm file");
    }
    if (type != "text" && type != "hdrplot" && type != "hgrm") {
        return Error{ErrorCode::kUsage, "flag -type: found \"" + std::string(type) +
                                            "\", expected text, hdrplot or hgrm for .hlog files"};
    }
    const auto sum = add_up(files);
    if (!sum) return sum.error();
    if (type == "hdrplot") return reports::hdrplot_report(*sum);
    return type == "hgrm" ? stats::format_hgrm(*sum) : reports::distribution_report(*sum);
}

Result<void> merge_histogram_logs(const std::vector<std::string>& files, const std::string& output) {
    if (!std::all_of(files.begin(), files.end(), is_hlog)) {
        return mixed_inputs("name either result files or .hlog files");
    }
    SlotMerger merger;
    if (auto opened = merger.open(files); !opened) return opened;
    const auto sink = runlog::create_file(output);
    if (!sink) return sink.error();
    const WallTime base = merger.start().value_or(WallTime{});
    std::string text;
    stats::append_hdr_log_header(text, base, "merged by loadgen");
    while (true) {
        const auto sums = merger.next();
        if (!sums) return sums.error();
        for (const stats::LogInterval& sum : *sums) {
            if (auto added = stats::append_hdr_log_interval(text, base, sum); !added) return added;
        }
        if (auto written = (*sink)->write(text); !written) return written;
        text.clear();
        if (sums->empty()) return {};
    }
}

}  // namespace loadgen::cli
