// Whether a tree has the shape that the table of keys gives it.
#pragma once

#include "loadgen/scenario/artillery/findings.hpp"
#include "loadgen/scenario/artillery/keys.hpp"
#include "loadgen/scenario/artillery/node.hpp"

namespace loadgen::scenario::artillery {

/// Finds unknown keys (with the nearest known one), values of the wrong kind, words that are not allowed and
/// keys that are missing. What comes after may rely on nothing: it reads what has the right shape and passes
/// over the rest.
void check_script_shape(const Node& root, Findings& findings);

/// The step kind of a step: by its action, any lower-case word with a `url` in its map being an HTTP method.
/// Null when there is none.
struct StepAction {
    const StepKind* kind = nullptr;
    Spot value;  ///< of the action's key
    std::string action;
};
StepAction action_of(const Spot& step);

}  // namespace loadgen::scenario::artillery
