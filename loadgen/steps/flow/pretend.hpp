// A dry run (Stage::pretending): what stands for what only answers would tell.
#pragma once

#include <string>

#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// "<name>": the variable as an answer would have set it.
text::Value placeholder(const Stage& stage, text::Slot slot);

/// Says what a dry run does otherwise than a run, with the line of the step that `strand` stands at. Begins
/// with '#'.
void note(Stage& stage, const Strand& strand, const std::string& text);

/// What a condition is taken to say. One that reads a placeholder, or asks the processor, lets steps be seen:
/// `ifTrue` holds, and a loop has one round.
bool pretend(Stage& stage, Strand& strand, const plan::Condition& condition, bool in_loop);

}  // namespace loadgen::steps
