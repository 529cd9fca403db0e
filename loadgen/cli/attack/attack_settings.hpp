// The flags of `attack`, and the plan they make.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "loadgen/cli/options.hpp"
#include "loadgen/plan/run_plan.hpp"

namespace loadgen::cli {

/// As typed. Names follow the flags.
struct AttackSettings {
    // Load
    std::string rate = "50/1s";
    Nanos duration{0};
    std::vector<std::string> phases;
    std::uint64_t count = 0;
    std::uint64_t concurrency = 0;
    std::uint64_t max_workers = 18446744073709551615ULL;
    std::uint64_t workers = 10;
    std::uint64_t threads = 0;
    std::string pace = "sleep";
    Nanos wake_interval{100'000};
    std::string segment;
    std::uint64_t seed = 0;
    bool dry_run = false;
    std::uint64_t dry_run_limit = 1000;
    // Targets
    std::string targets = "stdin";
    std::string format = "http";
    bool lazy = false;
    std::string body_file;
    std::vector<std::string> headers;
    std::string method = "GET";
    bool chunked = false;
    bool sequence_header = true;
    bool traceparent = false;
    // Connections
    std::uint64_t connections = 10'000;
    std::uint64_t max_connections = 0;
    bool keepalive = true;
    std::uint64_t requests_per_connection = 0;
    bool http2 = true;
    bool h2c = false;
    std::uint64_t streams = 100;
    Nanos timeout{30'000'000'000};
    std::int64_t redirects = 10;
    std::vector<std::string> connect_to;
    std::vector<std::string> local_addresses;
    std::string unix_socket;
    std::vector<std::string> resolvers;
    std::string dns_ttl = "0";
    std::string proxy;
    std::vector<std::string> proxy_headers;
    // TLS
    bool insecure = false;
    std::string certificate;
    std::string key;
    std::vector<std::string> root_certificates;
    bool session_tickets = false;
    // Results
    std::string name;
    std::string output = "stdout";
    std::string encoding = "gob";
    std::int64_t max_body = 0;
    bool keep_headers = false;
    std::string json_file;
    std::string prometheus_address;
    Nanos prometheus_linger{0};
    bool quiet = false;
    bool yes = false;
};

/// The flag table; its setters write into `settings`.
CommandSpec attack_spec(AttackSettings& settings);

/// Compiles flags and positional URLs to a plan: everything is parsed and checked, nothing is sent. `given`
/// are the names of the flags that were typed. Errors name the flag or the place in a file.
Result<plan::RunPlan> make_plan(const AttackSettings& settings, const std::set<std::string_view>& given,
                                const std::vector<std::string>& urls);

/// Refuses to load a host outside this machine and private networks unless -yes was given (kUsage). The
/// targets of a lazy source are checked as they come.
Result<void> check_destinations(plan::RunPlan& plan, const AttackSettings& settings);

}  // namespace loadgen::cli
