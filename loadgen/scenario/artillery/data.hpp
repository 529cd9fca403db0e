// `config.variables` and `config.payload`: what every virtual user starts with.
#pragma once

#include "loadgen/scenario/artillery/compilation.hpp"

namespace loadgen::scenario::artillery {

/// The largest data file.
inline constexpr std::size_t kMaxDataBytes = 256U << 20U;

/// $env, $testId, target and the like.
void define_well_known(Compilation& compilation);
void compile_variables(Compilation& compilation);
void compile_payloads(Compilation& compilation);

/// A field of a CSV file as csv-parse casts it: whole numbers and decimals become numbers, everything else
/// stays.
text::Value cast_field(const std::string& field);

}  // namespace loadgen::scenario::artillery
