#include "loadgen/steps/first_failures.hpp"

#include <algorithm>

#include "loadgen/steps/metric_names.hpp"

namespace loadgen::steps {
namespace {

/// The step that sends something, as reports name it; empty for others.
std::string step_at(const plan::Program& program, std::uint32_t pc) {
    if (pc >= program.code.size()) return {};
    const plan::Instruction& at = program.code[pc];
    const plan::RequestStep* request = nullptr;
    if (at.op == plan::Op::kRequest) request = &program.requests[at.operand];
    if (at.op == plan::Op::kEventStream) request = &program.event_streams[at.operand].request;
    if (request == nullptr) return {};
    return request->named ? request->name_text : request->method + " " + request->url_text;
}

}  // namespace

bool FirstFailures::add(const std::string& code) {
    const std::lock_guard lock(mutex_);
    if (codes_.size() == kMost || std::find(codes_.begin(), codes_.end(), code) != codes_.end()) return false;
    codes_.push_back(code);
    return true;
}

std::string describe_failure(const plan::ScenarioPlan& plan, const User& user) {
    const Failure& failure = *user.failure;
    std::string text = "first ";
    text.append(kErrors).append(failure.code).append(": scenario ").append(user.journey->name);
    if (const std::string step = step_at(plan.program, failure.pc); !step.empty()) text += ", " + step;
    if (!failure.detail.empty()) text += ": " + failure.detail;
    return text;
}

}  // namespace loadgen::steps
