// Scripts from texts, with files that exist only here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "loadgen/scenario/artillery.hpp"

namespace loadgen::scenario::testing {

/// $randomNumber and $randomString, which always give 4 and "xyz".
const text::FunctionTable& test_functions();

/// Loads `script` as "load.yml"; `files` are what else can be read.
Loaded load(const std::string& script, LoadOptions options = {},
            std::map<std::string, std::string> files = {});

/// The findings as texts, without the name of the file in front when it is `file`.
std::vector<std::string> texts_of(const Loaded& loaded, const std::string& file = "load.yml");

/// A script with this flow, indented by six blanks, and a target.
std::string script_with_flow(const std::string& flow, const std::string& config = "");

/// Evaluates with the plan's initial values and what `values` say.
text::Value evaluate(const plan::ScenarioPlan& plan, const text::ValueTemplate& value,
                     const std::map<std::string, text::Value>& values = {});
std::string render(const plan::ScenarioPlan& plan, const text::Template& value,
                   const std::map<std::string, text::Value>& values = {});

}  // namespace loadgen::scenario::testing
