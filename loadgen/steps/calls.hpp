// The calls of the processor that strands wait for.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "loadgen/scripting/processor.hpp"
#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// On the thread of its users. Hands variables over that the processor has not seen, takes over what calls
/// changed.
class Calls final : private scripting::ProcessorReplies {
  public:
    /// `resume` gets each strand whose call is over; variables, metrics and failure are in place by then.
    Calls(Stage& stage, scripting::Processor& processor, std::function<void(Strand&)> resume);

    /// Fills in token, user and variables and makes the call. The strand waits. Its time is no part of any
    /// latency: what comes next is due as much later.
    void make(Strand& strand, scripting::ProcessorCall call);
    /// The user is leaving. No call of it may be under way.
    void forget(User& user);

  private:
    void on_reply(scripting::ProcessorReply&& reply) override;
    void on_metric(const scripting::EmittedMetric& metric) override;
    void add_variables(User& user, scripting::ProcessorCall& call);
    void take_variables(User& user, std::vector<text::Value::Member>& variables);

    Stage& stage_;
    scripting::Processor& processor_;
    std::function<void(Strand&)> resume_;
    std::unordered_map<std::uint64_t, Strand*> waiting_;
    std::uint64_t next_token_ = 1;
};

}  // namespace loadgen::steps
