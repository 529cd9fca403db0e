// Conditions and probabilities: whether the next step runs.
#pragma once

#include <optional>

#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// What the condition says; none when the processor is asked first: the strand then comes back to the same
/// instruction and asks again, which gives the answer.
std::optional<bool> ask(Stage& stage, Strand& strand, const plan::Condition& condition, bool in_loop);

Next guard(Stage& stage, Strand& strand, const plan::GuardStep& step);

}  // namespace loadgen::steps
