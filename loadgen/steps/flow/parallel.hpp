// `parallel`: branches that share the user's variables; the step is over when all are.
#pragma once

#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// Starts branches up to the limit. The strand comes back to this instruction whenever one has ended.
Next run_branches(Stage& stage, Strand& strand, const plan::ParallelStep& step);
/// A branch is over: its parent may go on. Destroys `branch`.
Next end_branch(Stage& stage, Strand& branch);

}  // namespace loadgen::steps
