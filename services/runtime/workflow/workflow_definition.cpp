#include "services/runtime/workflow/workflow_definition.hpp"

#include <algorithm>
#include <array>

namespace loadgen::services::runtime {
namespace {

constexpr RetryPolicy kAskAgain = {.max_attempts = 3, .first = std::chrono::seconds(1), .factor = 2};

/// The names that a state goes to; empty ones go nowhere.
std::array<std::string_view, 3> targets_of(const WorkflowState& state) {
    if (const auto* wait = std::get_if<WaitState>(&state)) return {wait->next, {}, {}};
    if (const auto* task = std::get_if<TaskState>(&state)) return {task->next, task->on_error, {}};
    const auto& token = std::get<TokenState>(state);
    return {token.next, token.on_timeout, token.on_failure};
}

bool has_work(const WorkflowState& state) {
    if (const auto* task = std::get_if<TaskState>(&state)) return task->run != nullptr;
    if (const auto* token = std::get_if<TokenState>(&state)) return token->enter != nullptr;
    return true;
}

Error wrong(const std::string& state, const std::string& what) {
    return {ErrorCode::kInternal, "workflow: the state \"" + state + "\" " + what};
}

}  // namespace

const std::string& name_of(const WorkflowState& state) {
    return std::visit([](const auto& kind) -> const std::string& { return kind.name; }, state);
}

Result<void> WorkflowDefinition::check() const {
    if (states_.empty()) return Error{ErrorCode::kInternal, "workflow: it has no states"};
    for (const WorkflowState& state : states_) {
        const std::string& name = name_of(state);
        const auto same = [&name](const WorkflowState& other) { return name_of(other) == name; };
        if (std::count_if(states_.begin(), states_.end(), same) > 1) return wrong(name, "is there twice");
        if (!has_work(state)) return wrong(name, "does nothing");
        for (const std::string_view target : targets_of(state)) {
            if (!target.empty() && find(target) == nullptr)
                return wrong(name, "goes to \"" + std::string(target) + "\", which is not there");
        }
    }
    return {};
}

const WorkflowState* WorkflowDefinition::find(std::string_view name) const {
    const auto found = std::find_if(states_.begin(), states_.end(),
                                    [name](const WorkflowState& state) { return name_of(state) == name; });
    return found == states_.end() ? nullptr : &*found;
}

RetryPolicy retry_of(const WorkflowState& state) {
    const auto* task = std::get_if<TaskState>(&state);
    return task == nullptr ? kAskAgain : task->retry;
}

std::string_view after_last_try(const WorkflowState& state) {
    if (const auto* task = std::get_if<TaskState>(&state)) return task->on_error;
    if (const auto* token = std::get_if<TokenState>(&state)) return token->on_failure;
    return {};
}

}  // namespace loadgen::services::runtime
