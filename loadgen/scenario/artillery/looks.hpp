// What is looked for in a response: captures, matches, expectations.
#pragma once

#include <vector>

#include "loadgen/plan/steps.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

/// `owner` is the map that holds `capture`: one of them or a list.
std::vector<plan::Capture> compile_captures(Compilation& compilation, const Spot& owner);
std::vector<plan::Match> compile_matches(Compilation& compilation, const Spot& owner);
std::vector<plan::Expectation> compile_expectations(Compilation& compilation, const Spot& owner);

}  // namespace loadgen::scenario::artillery
