#include "loadgen/cli/results/report_kinds.hpp"

#include <optional>

#include "common/stats/hdr_log.hpp"
#include "common/stats/hgrm.hpp"
#include "reports/model/latency_timeline.hpp"
#include "reports/render/vegeta_reports.hpp"

namespace loadgen::cli {
namespace {

bool is_warm_up(const runlog::Record& record) {
    return record.detail && record.detail->warm_up;
}

/// Reports that are a view of the metrics.
class MetricsReport final : public Report {
  public:
    using Render = std::string (*)(const reports::Metrics&);
    explicit MetricsReport(Render view) : render_(view) {}
    void add(const runlog::Record& record) override { metrics_.add(record); }
    std::string render() const override { return render_(metrics_); }

  private:
    Render render_;
    reports::Metrics metrics_;
};

class JsonReport final : public Report {
  public:
    explicit JsonReport(std::optional<reports::LatencyBuckets> buckets) : buckets_(std::move(buckets)) {}
    void add(const runlog::Record& record) override {
        metrics_.add(record);
        if (buckets_ && !is_warm_up(record)) buckets_->add(record.latency);
    }
    std::string render() const override {
        return reports::json_report(metrics_, buckets_ ? &*buckets_ : nullptr);
    }

  private:
    std::optional<reports::LatencyBuckets> buckets_;
    reports::Metrics metrics_;
};

class HistReport final : public Report {
  public:
    explicit HistReport(reports::LatencyBuckets buckets) : buckets_(std::move(buckets)) {}
    void add(const runlog::Record& record) override {
        if (!is_warm_up(record)) buckets_.add(record.latency);
    }
    std::string render() const override { return reports::hist_report(buckets_); }

  private:
    reports::LatencyBuckets buckets_;
};

class HdrLogReport final : public Report {
  public:
    void add(const runlog::Record& record) override {
        if (!is_warm_up(record)) timeline_.add(record.timestamp, record.latency);
    }
    std::string render() const override {
        std::string out;
        const WallTime start = timeline_.start().value_or(WallTime{});
        stats::append_hdr_log_header(out, start, "latencies in ns, by the second requests were due");
        timeline_.for_each([&](const stats::LogInterval& interval) {
            // Only a tag can be refused, and there is none.
            (void)stats::append_hdr_log_interval(out, start, interval).has_value();
        });
        return out;
    }

  private:
    reports::LatencyTimeline timeline_;
};

std::string hgrm_of(const reports::Metrics& metrics) {
    return stats::format_hgrm(metrics.latencies());
}

std::string hdrplot_of(const reports::Metrics& metrics) {
    return reports::hdrplot_report(metrics);
}

template <typename T, typename... Arguments>
std::unique_ptr<Report> made(Arguments&&... arguments) {
    return std::make_unique<T>(std::forward<Arguments>(arguments)...);
}

Result<std::unique_ptr<Report>> make_json_report(std::string_view bounds) {
    if (bounds.empty()) return made<JsonReport>(std::nullopt);
    auto buckets = reports::LatencyBuckets::parse(bounds);
    if (!buckets) return std::move(buckets).error();
    return made<JsonReport>(std::move(*buckets));
}

Result<std::unique_ptr<Report>> make_hist_report(std::string_view bounds) {
    auto buckets = reports::LatencyBuckets::parse(bounds);
    if (!buckets) return std::move(buckets).error();
    return made<HistReport>(std::move(*buckets));
}

}  // namespace

Result<std::unique_ptr<Report>> make_report(std::string_view type, std::string_view buckets) {
    if (type == "text") return made<MetricsReport>(reports::text_report);
    if (type == "json") return make_json_report(buckets);
    if (type == "hdrplot") return made<MetricsReport>(hdrplot_of);
    if (type == "hgrm") return made<MetricsReport>(hgrm_of);
    if (type == "hdrlog") return made<HdrLogReport>();
    if (type.starts_with("hist")) return make_hist_report(buckets.empty() ? type.substr(4) : buckets);
    return Error{ErrorCode::kUsage, "found \"" + std::string(type) +
                                        "\", expected text, json, hist[buckets], hdrplot, hgrm or hdrlog"};
}

std::vector<std::string> report_types() {
    return {"text", "json", "hist[0,1ms,10ms,100ms]", "hdrplot", "hgrm", "hdrlog"};
}

}  // namespace loadgen::cli
