// The file of the switches: what shall go wrong, where and how often (docs/faults.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "services/runtime/faults/faults.hpp"

namespace loadgen::services::runtime {

/// One switch. Exactly one of route, consumer and defect says what it is for.
struct FaultRule {
    std::uint64_t id = 0;       ///< names it for the operator
    std::string service = "*";  ///< "*": every service
    std::string route = {};     ///< "POST /orders", "GET /orders/{id}", "*"
    std::string consumer = {};  ///< queue with or without its environment, "*"
    std::string defect = {};    ///< name of a trace defect
    double share = 1;           ///< of the requests, events or spans; above 0, at most 1
    Nanos delay{0};             ///< at most 60 s
    int error_status = 0;       ///< 400 to 599
    bool drop = false;
    bool duplicate = false;     ///< consumers only
    double max_per_second = 0;  ///< 0: no throttle. Routes answer 429 beyond it, consumers wait

    bool matches_route(std::string_view in_service, std::string_view wanted) const;
    bool matches_consumer(std::string_view in_service, std::string_view queue) const;
};

inline constexpr std::size_t kMaxFaultRules = 64;

/// The text of faults.json. kSyntax or kUsage name the place ("faults[2].share"), what was found and what is
/// allowed.
Result<std::vector<FaultRule>> parse_fault_rules(std::string_view json);
std::string write_fault_rules(const std::vector<FaultRule>& rules);
/// What is wrong with a rule; success when nothing is.
Result<void> check_fault_rule(const FaultRule& rule);
/// One line for people: "orders POST /orders: 10 % delayed by 50ms".
std::string describe(const FaultRule& rule);

std::string faults_path(const std::string& data);
/// Empty when there is no such file.
Result<std::vector<FaultRule>> read_fault_file(const std::string& data);
/// Replaces the file as a whole; without rules there is none afterwards.
Result<void> write_fault_file(const std::string& data, const std::vector<FaultRule>& rules);

}  // namespace loadgen::services::runtime
