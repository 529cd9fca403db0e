// `loop`: so many rounds, over a list, while a condition holds, or for ever. Artillery's counting: "a-b" runs
// from a and ends before b, and whileTrue is asked after each round.
#pragma once

#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

Next enter_loop(Stage& stage, Strand& strand, const plan::LoopStep& step);
/// At the end of a round: back for another, or on.
Next next_round(Stage& stage, Strand& strand);

/// The indices "10", "1-5" and "-1" stand for: first, and the first one without a round (-1 = none).
struct LoopRange {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};
LoopRange loop_range(const text::Value& count);

}  // namespace loadgen::steps
