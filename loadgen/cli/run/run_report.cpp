#include "loadgen/cli/run/run_report.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "common/runlog/byte_stream.hpp"
#include "common/stats/hdr_codec.hpp"
#include "common/text/json_writer.hpp"
#include "reports/render/vegeta_reports.hpp"

namespace loadgen::cli {
namespace {

constexpr std::string_view kSchema = "loadgen.run/1";

struct Quantile {
    std::string_view name;
    double q;
};
constexpr std::array<Quantile, 6> kQuantiles{{{"p50_ns", 0.5},
                                              {"p90_ns", 0.9},
                                              {"p95_ns", 0.95},
                                              {"p99_ns", 0.99},
                                              {"p999_ns", 0.999},
                                              {"p9999_ns", 0.9999}}};

WallTime wall(const engine::RunResult& result, Instant instant) {
    return {result.start_wall.unix_ns + (instant - result.start).count()};
}

reports::EndpointMetrics endpoint_metrics(const engine::EndpointStatistics& from) {
    reports::EndpointMetrics to;
    for (const engine::LatencyFigures* figures : {&from.succeeded, &from.failed}) {
        to.response_time.merge(figures->response);
        to.service_time.merge(figures->service);
    }
    to.requests = to.response_time.count();
    for (const auto& [status, count] : from.statuses) {
        if (status >= 200 && status < 400) to.successes += count;
    }
    to.bytes_in = from.bytes_in;
    return to;
}

void add_endpoint(reports::Aggregate& sum, const std::string& name, const engine::EndpointStatistics& from) {
    reports::EndpointMetrics metrics = endpoint_metrics(from);
    sum.successes += metrics.successes;
    sum.bytes_in += from.bytes_in;
    sum.bytes_out += from.bytes_out;
    sum.latencies.merge(metrics.response_time);
    sum.detail.service_time.merge(metrics.service_time);
    for (const engine::LatencyFigures* figures : {&from.succeeded, &from.failed}) {
        sum.detail.send_delay.merge(figures->send_delay);
    }
    for (std::size_t cause = 0; cause < kCauseCount; ++cause) sum.detail.causes[cause] += from.causes[cause];
    for (const auto& [status, count] : from.statuses) sum.status_codes[status] += count;
    sum.detail.endpoints.emplace(name, std::move(metrics));
}

void add_slowest(reports::Aggregate& sum, const engine::RunResult& result) {
    for (const engine::SlowExchange& from : result.statistics.slowest().sorted()) {
        reports::SlowRequest slow;
        slow.due = wall(result, result.start + from.due);
        slow.response_time = from.response;
        slow.service_time = from.service;
        slow.send_delay = from.send_delay;
        slow.seq = from.sequence;
        slow.code = from.status;
        slow.cause = from.cause;
        slow.endpoint = result.endpoints[from.endpoint];
        if (from.scenario < result.scenarios.size()) slow.scenario = result.scenarios[from.scenario];
        if (from.trace.valid()) {
            slow.trace_id = from.trace.trace.text();
            slow.span_id = from.trace.span.text();
        }
        sum.detail.slowest.add(from.response, std::move(slow));
    }
}

reports::ConnectionMetrics connection_metrics(const engine::ConnectionStatistics& from,
                                              std::uint64_t exchanges) {
    reports::ConnectionMetrics to;
    to.opened = from.opened;
    to.exchanges = exchanges;
    to.max_ordinal = static_cast<std::uint32_t>(from.exchanges_each.max().count());
    to.dns.merge(from.dns);
    to.connect.merge(from.connect);
    to.tls.merge(from.tls);
    return to;
}

void write_findings(text::JsonWriter& json, const std::vector<engine::Finding>& findings) {
    json.key("findings").begin_array();
    for (const engine::Finding& finding : findings) {
        json.begin_object();
        json.key("name")
            .string(finding.name)
            .key("invalid")
            .boolean(finding.invalid)
            .key("text")
            .string(finding.text);
        json.end_object();
    }
    json.end_array();
}

void write_generator(text::JsonWriter& json, const engine::RunResult& result, const RunSummary& summary) {
    const double cpu = static_cast<double>(result.cpu.count()) / 1e9;
    json.key("generator").begin_object();
    json.key("threads").unsigned_integer(result.threads);
    json.key("cpu_seconds").number(cpu);
    json.key("requests_per_cpu_second").number(cpu > 0 ? static_cast<double>(summary.requests) / cpu : 0);
    write_histogram(json, "timer_lag", result.statistics.timer_lag());
    json.end_object();
}

void write_connections(text::JsonWriter& json, const engine::ConnectionStatistics& connections) {
    json.key("connections").begin_object();
    json.key("opened").unsigned_integer(connections.opened);
    json.key("failed").unsigned_integer(connections.failed);
    json.key("closed").unsigned_integer(connections.closed);
    json.end_object();
}

void write_series(text::JsonWriter& json, const stats::CounterSeries& series) {
    json.key("series").begin_object();
    json.key("step_ns").integer(series.step().count());
    const auto column = [&](std::string_view name, std::uint64_t stats::IntervalCounters::*field) {
        json.key(name).begin_array();
        for (std::size_t i = 0; i < series.size(); ++i) json.unsigned_integer(series.at(i).*field);
        json.end_array();
    };
    column("sent", &stats::IntervalCounters::sent);
    column("completed", &stats::IntervalCounters::completed);
    column("failed", &stats::IntervalCounters::failed);
    column("bytes_in", &stats::IntervalCounters::bytes_in);
    json.end_object();
}

void write_load(text::JsonWriter& json, const plan::RunPlan& plan) {
    json.key("load").begin_object();
    if (plan.closed_loop) {
        json.key("model").string("closed").key("concurrency").unsigned_integer(plan.closed_loop->concurrency);
    } else {
        json.key("model").string("open").key("phases").begin_array();
        for (const pacing::PhaseInfo& phase : plan.load.phases) {
            json.begin_object().key("name").string(phase.name).key("text").string(phase.text);
            json.key("warm_up").boolean(phase.warm_up).key("start_ns").integer(phase.start.count());
            if (phase.end) json.key("end_ns").integer(phase.end->count());
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
}

}  // namespace

void write_histogram(text::JsonWriter& json, std::string_view name, const stats::Histogram& histogram) {
    json.key(name).begin_object();
    json.key("count").unsigned_integer(histogram.count());
    json.key("min_ns").integer(histogram.min().count());
    json.key("mean_ns").integer(histogram.mean().count());
    for (const Quantile& quantile : kQuantiles)
        json.key(quantile.name).integer(histogram.value_at(quantile.q).count());
    json.key("max_ns").integer(histogram.max().count());
    json.key("hdr").string(stats::encode_hdr_base64(histogram));
    json.end_object();
}

std::string nobody_answered(const RunSummary& summary) {
    const auto& errors = summary.metrics.errors();
    return "no request was answered" + (errors.empty() ? "" : ": " + errors.front());
}

RunSummary summarise(const engine::RunResult& result) {
    const engine::Statistics& statistics = result.statistics;
    reports::Aggregate sum;
    sum.start = result.start_wall;
    add_slowest(sum, result);
    for (std::size_t index = 0; index < statistics.endpoints().size(); ++index) {
        const auto& endpoint = statistics.endpoints()[index];
        if (endpoint) add_endpoint(sum, result.endpoints[index], *endpoint);
    }
    if (statistics.count() > 0) {
        sum.earliest = wall(result, statistics.first_due());
        sum.latest = wall(result, statistics.last_due());
        sum.end = wall(result, statistics.last_done());
    }
    for (const auto& [text, count] : statistics.errors()) sum.errors.push_back(text);
    sum.errors_not_listed = statistics.other_errors();
    sum.detail.wait.merge(statistics.wait());
    sum.detail.body.merge(statistics.body());
    sum.detail.warm_up = statistics.warm_up();
    std::uint64_t unanswered = 0;
    if (const auto none = sum.status_codes.find(0); none != sum.status_codes.end()) unanswered = none->second;
    sum.detail.connections = connection_metrics(statistics.connections, statistics.count() - unanswered);
    RunSummary summary;
    summary.metrics.add(sum);
    summary.requests = statistics.count() + statistics.warm_up();
    const std::uint64_t measured = statistics.count() - unanswered;
    summary.responses = measured + statistics.warm_up_answered();
    summary.unanswered = summary.requests > 0 && (statistics.count() > 0 ? measured : summary.responses) == 0;
    return summary;
}

Result<void> check_run_json(const std::string& path) {
    if (path.empty() || path == "-" || path == "stdout") return {};
    struct stat known {};
    const bool exists = stat(path.c_str(), &known) == 0;
    const bool is_folder = exists && S_ISDIR(known.st_mode);         // opening it tells
    if (exists && !S_ISREG(known.st_mode) && !is_folder) return {};  // a pipe must not see an end too early
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return Error{ErrorCode::kIo, path + ": " + std::generic_category().message(errno)};
    close(fd);
    if (!exists) unlink(path.c_str());
    return {};
}

Result<void> write_run_json(const std::string& path, const engine::RunResult& result,
                            const RunSummary& summary, const plan::RunPlan& plan,
                            const std::function<void(text::JsonWriter&)>& more) {
    std::string out;
    text::JsonWriter json(out);
    json.begin_object();
    json.key("schema").string(kSchema);
    json.key("name").string(plan.name);
    json.key("verdict").string(result.valid() ? "valid" : "invalid");
    json.key("interrupted").boolean(result.interrupted);
    json.key("start_unix_ns").integer(result.start_wall.unix_ns);
    json.key("elapsed_ns").integer(result.elapsed.count());
    write_load(json, plan);
    write_findings(json, result.findings);
    write_generator(json, result, summary);
    write_connections(json, result.statistics.connections);
    std::string report = reports::json_report(summary.metrics, nullptr);
    report.pop_back();  // its line break
    json.key("report").raw(report);
    json.key("histograms").begin_object();
    write_histogram(json, "response_time", summary.metrics.latencies());
    write_histogram(json, "service_time", summary.metrics.detail()->service_time);
    write_histogram(json, "send_delay", summary.metrics.detail()->send_delay);
    json.end_object();
    write_series(json, result.statistics.counters());
    if (more) more(json);
    json.end_object();
    out += '\n';
    auto file = runlog::create_file(path);
    if (!file) return std::move(file).error();
    return (*file)->write(out);
}

}  // namespace loadgen::cli
