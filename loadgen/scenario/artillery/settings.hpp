// `config`, apart from load and data: how requests are sent, what plugins do, what the run must fulfil.
#pragma once

#include "loadgen/plan/checks.hpp"
#include "loadgen/plan/connection_policy.hpp"
#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

void compile_settings(Compilation& compilation, plan::ConnectionPolicy& connections);
/// expect, metrics-by-endpoint and those that do not exist here.
void compile_plugins(Compilation& compilation);
plan::Checks compile_checks(Compilation& compilation);
/// Reads the processor and asks for what it exports.
void compile_processor(Compilation& compilation);
/// "name:value,name:value" of --tags.
void compile_tags(Compilation& compilation);

/// A fractional duration without a unit: read as seconds, which Artillery does not.
void warn_of_fraction(Compilation& compilation, const Spot& spot);
/// config.target where an HTTP request's URL is below it: an error unless it is an http or https URL, told
/// once.
void check_target(Compilation& compilation);
/// The duration at a spot, warned about when it has to be; nothing when there is none.
std::optional<Nanos> read_duration(Compilation& compilation, const Spot& spot);
/// The jitter of a think step: milliseconds, a duration, or a share such as "20%".
std::optional<plan::Jitter> read_jitter(Compilation& compilation, const Spot& spot);

// The value at a spot, or the fallback when there is none of that kind.
bool read_bool(const Spot& spot, bool fallback);
double read_number(const Spot& spot, double fallback);
std::string read_text(const Spot& spot, std::string fallback = "");

}  // namespace loadgen::scenario::artillery
