#include <cmath>

#include "common/text/json_writer.hpp"
#include "reports/render/artillery_reports.hpp"

namespace loadgen::reports {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;

void write_summaries(text::JsonWriter& json, const ScenarioPeriod& period) {
    json.begin_object();
    for (const auto& [name, s] : period.summaries) {
        json.key(name).begin_object();
        json.key("min").number(s.min).key("max").number(s.max).key("count").unsigned_integer(s.count);
        json.key("mean").number(s.mean).key("p50").number(s.p50).key("median").number(s.p50);
        json.key("p75").number(s.p75).key("p90").number(s.p90).key("p95").number(s.p95);
        json.key("p99").number(s.p99).key("p999").number(s.p999).end_object();
    }
    json.end_object();
}

void write_period(text::JsonWriter& json, const ScenarioPeriod& period) {
    const std::int64_t begin = period.begin.unix_ns / kNanosPerMilli;
    const std::int64_t end = (period.begin.unix_ns + period.length.count()) / kNanosPerMilli;
    json.begin_object().key("counters").begin_object();
    for (const auto& [name, value] : period.counters) json.key(name).unsigned_integer(value);
    json.end_object().key("rates").begin_object();
    for (const auto& [name, value] : period.rates) json.key(name).number(value);
    json.end_object();
    for (const char* key : {"firstCounterAt", "firstHistogramAt", "firstMetricAt"})
        json.key(key).integer(begin);
    for (const char* key : {"lastCounterAt", "lastHistogramAt", "lastMetricAt"}) json.key(key).integer(end);
    // Artillery names a period by its beginning, as a text.
    json.key("period").string(std::to_string(begin));
    json.key("summaries");
    write_summaries(json, period);
    json.key("histograms");
    write_summaries(json, period);
    json.end_object();
}

}  // namespace

std::string artillery_json(const ScenarioReport& report) {
    std::string out;
    text::JsonWriter json(out);
    json.begin_object().key("aggregate");
    write_period(json, report.aggregate);
    json.key("intermediate").begin_array();
    for (const ScenarioPeriod& period : report.intermediate) write_period(json, period);
    json.end_array().end_object();
    out += '\n';
    return out;
}

}  // namespace loadgen::reports
