// The flags of `run` and `validate`: Artillery's, and ours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/cli/options.hpp"
#include "loadgen/scenario/artillery.hpp"

namespace loadgen::cli {

/// As typed. Names follow the flags.
struct RunSettings {
    // Script
    std::string target;
    std::string config;
    std::vector<std::string> inputs;
    std::string environment;
    std::string scenario_name;
    std::string variables;
    std::string overrides;
    std::string payload;
    std::string dotenv;
    bool solo = false;
    bool insecure = false;
    // Load
    std::uint64_t threads = 0;
    std::uint64_t seed = 0;
    std::string segment;
    bool traceparent = false;
    std::string pace = "sleep";
    Nanos drain{0};
    bool dry_run = false;
    std::uint64_t dry_run_limit = 20;
    // Results
    std::string output;
    std::string results = "none";
    std::string json_file;
    std::string name;
    std::string tags;
    std::string note;
    bool quiet = false;
    bool yes = false;
    // Accepted for Artillery's sake
    std::string platform = "local";
    bool record = false;
    std::string key;
};

CommandSpec run_spec(RunSettings& settings);
CommandSpec validate_spec(RunSettings& settings);

/// What the loader is told, with the processor's exports looked up through Node when they are needed.
scenario::LoadOptions load_options(const RunSettings& settings, const std::string& script);

/// Prints what was found to stderr, warnings too unless `quiet`.
void print_findings(const std::vector<text::Finding>& findings, bool quiet);

}  // namespace loadgen::cli
