// The grammar of --phase: KIND key=value ... (docs/traffic-models.md).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "loadgen/pacing/load.hpp"

namespace loadgen::pacing {

/// What a phase text needs from outside.
struct PhaseContext {
    std::uint64_t seed = 0;  ///< of the run; every Poisson phase draws from a stream of its own
    /// Reads the file of a curve or replay; the system's files unless replaced.
    std::function<Result<std::string>(const std::string& path)> read;
};

/// Parses one phase; `number` is its place, counted from 1. Errors: "phase 2, column 10: ..." with what was
/// found, what is allowed and the nearest known word; errors in a curve or replay file name file and line.
Result<Phase> parse_phase(std::string_view text, std::size_t number, const PhaseContext& context);

/// Parses all --phase texts and places them one after the other.
Result<Load> parse_load(const std::vector<std::string>& texts, const PhaseContext& context);

}  // namespace loadgen::pacing
