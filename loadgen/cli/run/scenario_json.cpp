#include "loadgen/cli/run/scenario_json.hpp"

#include <string_view>

namespace loadgen::cli {
namespace {

std::string_view verdict_name(checks::Verdict verdict) {
    if (verdict == checks::Verdict::kPass) return "pass";
    return verdict == checks::Verdict::kFail ? "fail" : "no-data";
}

void write_users(text::JsonWriter& json, const engine::UserResult& users) {
    json.key("users").begin_object();
    json.key("created").unsigned_integer(users.created);
    json.key("completed").unsigned_integer(users.completed);
    json.key("failed").unsigned_integer(users.failed);
    json.key("out_of_data").boolean(users.out_of_data);
    json.end_object();
}

void write_figures(text::JsonWriter& json, std::uint64_t requests, std::uint64_t failed,
                   const engine::LatencyFigures& figures) {
    json.begin_object();
    json.key("requests").unsigned_integer(requests);
    json.key("failed").unsigned_integer(failed);
    write_histogram(json, "response_time", figures.response);
    write_histogram(json, "service_time", figures.service);
    write_histogram(json, "send_delay", figures.send_delay);
    json.end_object();
}

void write_endpoints(text::JsonWriter& json, const engine::RunResult& result) {
    json.key("endpoints").begin_object();
    const auto& endpoints = result.statistics.endpoints();
    for (std::size_t index = 0; index < endpoints.size(); ++index) {
        if (!endpoints[index]) continue;
        engine::LatencyFigures all = endpoints[index]->succeeded;
        all.merge(endpoints[index]->failed);
        json.key(result.endpoints[index]);
        write_figures(json, all.response.count(), endpoints[index]->failed.response.count(), all);
    }
    json.end_object();
}

void write_groups(text::JsonWriter& json, const engine::RunResult& result) {
    json.key("groups").begin_object();
    const auto& groups = result.statistics.groups();
    for (std::size_t index = 0; index < groups.size(); ++index) {
        if (!groups[index]) continue;
        json.key(result.groups[index]);
        write_figures(json, groups[index]->count, groups[index]->failed, groups[index]->figures);
    }
    json.end_object();
}

void write_checks(text::JsonWriter& json, const ScenarioOutcome& outcome) {
    json.key("checks").begin_array();
    for (const checks::CheckResult& result : outcome.checks) {
        json.begin_object();
        json.key("text").string(result.check->text);
        json.key("strict").boolean(result.check->strict);
        json.key("verdict").string(verdict_name(result.verdict));
        json.key("figures").string(result.detail);
        json.end_object();
    }
    json.end_array();
    json.key("failed_expectations").unsigned_integer(outcome.failed_expectations);
}

}  // namespace

void write_labels(text::JsonWriter& json, const RunSettings& settings) {
    json.key("tags").begin_array();
    for (std::string_view rest = settings.tags; !rest.empty();) {
        const auto comma = rest.find(',');
        json.string(rest.substr(0, comma));
        rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
    }
    json.end_array();
    json.key("note").string(settings.note);
}

void write_scenario_members(text::JsonWriter& json, const engine::RunResult& result, std::uint64_t seed,
                            const ScenarioOutcome& outcome) {
    // As a text: a seed has 64 bits, and a number of JSON is often read as a double.
    json.key("seed").string(std::to_string(seed));
    write_users(json, *result.users);
    write_endpoints(json, result);
    write_groups(json, result);
    write_checks(json, outcome);
}

}  // namespace loadgen::cli
