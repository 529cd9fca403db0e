// Artillery's scenario files (YAML or JSON) and ours, which are theirs and more: read, checked and compiled.
// docs/scenarios.md is the reference of the language.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/text/mark.hpp"
#include "common/text/scope.hpp"
#include "loadgen/pacing/load.hpp"
#include "loadgen/plan/checks.hpp"
#include "loadgen/plan/connection_policy.hpp"
#include "loadgen/plan/scenario_plan.hpp"

namespace loadgen::scenario {

struct LoadOptions {
    std::string script;               ///< path of the scenario file
    std::vector<std::string> inputs;  ///< -i: files merged over the script
    std::string config;               ///< -c: file merged over them; the processor's path is relative to it
    std::string environment;          ///< -e: of config.environments
    std::string target;               ///< -t
    std::string variables;            ///< -v: JSON object, into config.variables
    std::string overrides;            ///< --overrides: JSON object merged over everything; its lists replace
    std::string payload;              ///< -p: path, for a payload without one
    std::string scenario_name;        ///< --scenario-name: only this one (a name, or a pattern that fits one)
    std::string dotenv;               ///< --dotenv: more environment variables
    std::string tags;                 ///< --tags: "team:shop,service:orders"
    bool solo = false;                ///< -s: one virtual user
    bool insecure = false;            ///< -k
    std::uint64_t seed = 0;           ///< of every random pick
    std::string test_id;              ///< $testId
    /// The process' environment, name and value: $env.
    std::vector<std::pair<std::string, std::string>> process_environment;
    /// What templates and expressions may call; must outlive the plan.
    const text::FunctionTable* functions = nullptr;
    /// Starts the processor, given its path, and names what it exports. When empty, names of functions are
    /// taken on trust.
    std::function<Result<std::vector<std::string>>(const std::string& path)> list_functions;
    /// Reads a file of at most so many bytes; the system's files unless replaced. An Error's text names the
    /// path.
    std::function<Result<std::string>(const std::string& path, std::size_t max_bytes)> read_file;
};

/// A compiled script, or what is wrong with it.
struct Loaded {
    /// Without errors; there may be warnings. Otherwise nothing here is to be run: what could be compiled is
    /// there for further checks, so that they need not wait for the first ones to pass.
    bool ok = false;
    std::shared_ptr<plan::ScenarioPlan> plan;  ///< null when the file cannot be read
    pacing::Load load;
    plan::ConnectionPolicy connections;  ///< timeout, TLS and pool as the script has them
    plan::Checks checks;
    std::vector<text::Finding> findings;  ///< in order of files and places
};

/// Reads the script and everything it names, checks all of it and compiles it. Finds as many mistakes as it
/// can, not only the first. Nothing is sent; only files are read, and `list_functions` is called once when
/// there is a processor. Never throws; any text is a valid input. Not thread-safe with regard to what the
/// callbacks do.
Loaded load_scenario(const LoadOptions& options);

/// The JSON Schema (draft 2020-12) of scenario files, from the table that the loader uses; ends with a
/// newline.
std::string scenario_schema_json();

}  // namespace loadgen::scenario
