// `think`: the next step is due later. The time counts from the completion before it, so that a late wake-up
// is charged.
#pragma once

#include "common/base/result.hpp"
#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

Next think(Stage& stage, Strand& strand, const plan::ThinkStep& step);

/// Waits until `strand.due` when that is still to come.
Next wait_until_due(Stage& stage, Strand& strand);

/// A think time as Artillery reads it: whole numbers are seconds, texts carry units ("500ms", "1.5 min"). A
/// fraction without a unit is seconds as well. The error names what was found.
Result<Nanos> think_time(const text::Value& value);

}  // namespace loadgen::steps
