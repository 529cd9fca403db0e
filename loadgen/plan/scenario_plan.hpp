// A scenario file, compiled: who the virtual users are, what they do, what data they carry. Data without
// behaviour, immutable during the run and shared by all threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/text/scope.hpp"
#include "common/text/value.hpp"
#include "loadgen/pacing/segment.hpp"
#include "loadgen/plan/steps.hpp"

namespace loadgen::plan {

/// One entry of `scenarios`.
struct Journey {
    std::uint32_t number = 0;  ///< its place in ScenarioPlan::journeys
    std::string name;          ///< as reports show it: its name, else its number
    double weight = 1;
    std::uint32_t begin = 0;  ///< first instruction; beforeScenario and afterScenario are part of the flow
    std::vector<FunctionIndex> on_error;
    bool websocket = false;
};

/// `config.variables`: one value, or one picked at random for each user.
struct Variable {
    text::Slot slot = 0;
    std::vector<text::Value> choices;
};

/// `config.payload`: rows of a CSV file.
struct DataSet {
    enum class Order : std::uint8_t { kRandom, kSequence, kUnique };
    enum class AtEnd : std::uint8_t { kStop, kWrap, kFail };  ///< for kUnique

    std::string path;
    std::vector<text::Slot> fields;
    std::vector<std::vector<text::Value>> rows;
    Order order = Order::kRandom;
    AtEnd at_end = AtEnd::kStop;
    std::optional<text::Slot> all;  ///< loadAll: the variable that holds all rows
    text::Value all_rows;
};

/// What a phase adds to its place in the load.
struct ScenarioPhase {
    std::string name;
    std::uint64_t max_users = 0;  ///< arrivals beyond so many active users are skipped; 0 = no limit
    bool per_request = false;     ///< its rate counts requests, not arrivals
};

struct HttpSettings {
    std::size_t sockets_per_user = 1;
    std::size_t pool = 0;  ///< connections shared by all users; 0 = each user has its own
    std::vector<std::pair<std::string, text::Template>> default_cookies;
    bool extended_metrics = false;
    bool propagate_trace = false;  ///< distributedTracing: send traceparent (W3C)
    bool sampled = true;
    std::string trace_id_prefix = "a9";
};

struct ExpectSettings {
    bool enabled = false;
    bool failures_are_errors = false;
    bool default_200 = false;
    bool only_names = false;
    std::string format = "pretty";  ///< pretty, json, prettyError, silent
};

struct EndpointMetrics {
    bool enabled = true;
    bool only_names = false;
    bool strip_query = false;
    bool ignore_unnamed = false;
    bool group_dynamic = true;
    std::string prefix = "plugins.metrics-by-endpoint";
};

/// The variables that the engine sets itself; each has a slot in every plan.
struct WellKnownSlots {
    text::Slot uuid = 0;
    text::Slot loop_count = 0;
    text::Slot loop_element = 0;
};

struct ScenarioPlan {
    std::string file;
    text::SlotTable slots;
    std::vector<text::Value>
        initial;  ///< by slot: $env, $testId, target, …; what `before` captured joins them
    WellKnownSlots known;
    std::string target;  ///< base of URLs that start with a slash; may be empty
    Program program;
    std::vector<Journey> journeys;
    std::optional<Journey> before;
    std::optional<Journey> after;
    std::vector<Variable> variables;
    std::vector<DataSet> data;
    std::vector<ScenarioPhase> phases;  ///< by index of the load's phases
    HttpSettings http;
    ExpectSettings expect;
    EndpointMetrics endpoint_metrics;
    std::optional<Nanos> apdex_threshold;
    std::vector<std::string> tags;  ///< "name:value"
    std::string processor;          ///< path of the module; empty = none
    std::vector<std::string> functions;
    Nanos stats_interval{10'000'000'000};
    bool keeps_values = false;  ///< before: the variables of its only user are wanted afterwards
    pacing::Share segment;      ///< of the users: this machine's, which the load has been cut to already
    std::uint64_t seed = 0;
    std::string test_id;
};

}  // namespace loadgen::plan
