// Templates under `config` are filled in once, before the run: environment variables, what -v gives, and
// functions.
#pragma once

#include <string>
#include <vector>

#include "common/text/value.hpp"
#include "loadgen/scenario/artillery.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"
#include "loadgen/scenario/artillery/findings.hpp"
#include "loadgen/scenario/artillery/node.hpp"

namespace loadgen::scenario::artillery {

/// Replaces the templates under `root.config`, except for default headers and cookies, which every request
/// fills in anew, and environments that were not chosen. Names that are not known yet are errors.
void fill_config_templates(Node& root, const LoadOptions& options, const text::Value& variables,
                           Findings& findings);

/// The variables that every script has: $env, $environment, $testId, $dirname, $scenarioFile and so on.
std::vector<text::Value::Member> well_known_values(const LoadOptions& options);

}  // namespace loadgen::scenario::artillery
