#include "loadgen/steps/flow/parallel.hpp"

#include <algorithm>

namespace loadgen::steps {

Next run_branches(Stage& stage, Strand& strand, const plan::ParallelStep& step) {
    while (strand.next_branch < step.branches.size() && strand.branches < step.limit) {
        auto branch = std::make_unique<Strand>();
        branch->user = strand.user;
        branch->parent = &strand;
        branch->pc = step.branches[strand.next_branch++];
        branch->due = strand.due;
        branch->rounds = strand.rounds;
        ++strand.branches;
        stage.ready.push_back(branch.get());
        strand.user->strands.push_back(std::move(branch));
    }
    if (strand.branches > 0) {
        strand.waiting = Waiting::kBranches;
        return Next::kWait;
    }
    strand.next_branch = 0;
    strand.pc = instruction(stage, strand).jump;
    return Next::kGoOn;
}

Next end_branch(Stage& stage, Strand& branch) {
    Strand& parent = *branch.parent;
    parent.due = std::max(parent.due, branch.due);
    --parent.branches;
    if (parent.waiting == Waiting::kBranches) {  // else it has been woken by another branch already
        parent.waiting = Waiting::kNothing;
        stage.ready.push_back(&parent);
    }
    auto& strands = branch.user->strands;
    strands.erase(std::find_if(strands.begin(), strands.end(),
                               [&branch](const auto& owned) { return owned.get() == &branch; }));
    return Next::kEnded;
}

}  // namespace loadgen::steps
