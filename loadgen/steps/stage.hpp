// What all users of a thread share, and what every step is handed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/scope.hpp"
#include "loadgen/plan/scenario_plan.hpp"
#include "loadgen/steps/due_queue.hpp"
#include "loadgen/steps/host.hpp"
#include "loadgen/steps/meter.hpp"
#include "loadgen/steps/user.hpp"

namespace loadgen::steps {

class Calls;

/// How a strand goes on after a step.
enum class Next : std::uint8_t {
    kGoOn,   ///< with the instruction that `pc` names now
    kWait,   ///< somebody will resume it
    kEnded,  ///< the strand is over; it must not be touched any more
};

/// The request of a step that sends the same to everybody, once it has been made.
struct ConstantRequest {
    bool differs = false;  ///< it depends on the user or the moment: there is none
    std::shared_ptr<const plan::Request> request;
};

struct Stage {
    const plan::ScenarioPlan& plan;
    Host& host;
    Meter meter;
    DueQueue thinking;
    Calls* calls = nullptr;        ///< of the processor; null when there is none
    std::vector<Strand*> ready{};  ///< may go on, in this order
    bool pretending = false;       ///< a dry run: there are no answers to look into, and no processor
    bool stopping = false;         ///< no user begins another step
    /// What is being taken counts as failed: it is no answer, breaks an expectation, fails its user, or has a
    /// status of 4xx or 5xx that no `statusCode` of its step names. Steps say so while they take an answer.
    bool answer_failed = false;
    std::string scratch{};
    std::vector<text::Value> captured{};       ///< room for what an answer gives before it is assigned
    std::vector<ConstantRequest> constants{};  ///< by number of the step
    std::uint32_t verdicts_told = 0;           ///< answers whose expectations have been written out
};

/// Evaluates in the name of a user. Lives for one step.
class Evaluation {
  public:
    Evaluation(Stage& stage, User& user)
        : context_{user.random, stage.host.wall_now()}, scope_{user.values, context_} {}
    Evaluation(const Evaluation&) = delete;
    Evaluation& operator=(const Evaluation&) = delete;

    const text::Scope& scope() const { return scope_; }
    /// Why a function could not do what it was asked; empty when all did.
    const std::string& fault() const { return context_.fault; }

  private:
    text::CallContext context_;
    text::Scope scope_;
};

/// Ends the strand's user with this failure, unless it has one already.
void fail(Strand& strand, std::string code, std::string detail);

/// The instruction that `strand` stands at.
inline const plan::Instruction& instruction(const Stage& stage, const Strand& strand) {
    return stage.plan.program.code[strand.pc];
}

}  // namespace loadgen::steps
