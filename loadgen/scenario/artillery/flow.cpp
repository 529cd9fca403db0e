#include "loadgen/scenario/artillery/flow.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "loadgen/scenario/artillery/loops.hpp"
#include "loadgen/scenario/artillery/scalars.hpp"
#include "loadgen/scenario/artillery/settings.hpp"
#include "loadgen/scenario/artillery/shape.hpp"
#include "loadgen/scenario/artillery/sockets.hpp"
#include "loadgen/scenario/artillery/streams.hpp"
#include "loadgen/scenario/artillery/texts.hpp"

namespace loadgen::scenario::artillery {
namespace {

using plan::Op;

class FlowCompiler {
  public:
    FlowCompiler(Compilation& compilation, FlowContext context)
        : compilation_(compilation), program_(compilation.plan.program), context_(std::move(context)) {}

    std::uint32_t here() const { return static_cast<std::uint32_t>(program_.code.size()); }

    std::uint32_t emit(Op op, std::size_t operand, const text::Mark& mark) {
        program_.code.push_back({op, static_cast<std::uint32_t>(operand), 0});
        program_.marks.push_back(mark);
        return here() - 1;
    }

    void call(plan::FunctionIndex function, const text::Mark& mark) {
        program_.calls.push_back({function});
        emit(Op::kCall, program_.calls.size() - 1, mark);
    }

    void pace(Nanos interval, const text::Mark& mark) {
        program_.pacings.push_back({interval});
        emit(Op::kPacing, program_.pacings.size() - 1, mark);
    }

    void connect(const Spot& spot, const text::Mark& mark) {
        program_.socket_connects.push_back(compile_connect(compilation_, context_, spot));
        emit(Op::kSocketConnect, program_.socket_connects.size() - 1, mark);
    }

    /// From the `first` on. Whether what comes behind these steps is never reached.
    bool steps(const Spot& list, std::size_t first = 0) {
        bool endless = false;
        bool told = false;
        for (std::size_t i = first; list && list->is_list() && i < list->items.size(); ++i) {
            const Spot item = list.item(i);
            if (endless && !std::exchange(told, true))
                compilation_.findings.warning(item.key_place, item.path,
                                              "is never reached, because the loop before it never ends");
            const bool never_ends = item->is_list() ? steps(item) : item->is_map() && step(item);
            endless = endless || never_ends;
        }
        return endless;
    }

  private:
    Compilation& compilation_;
    plan::Program& program_;
    FlowContext context_;

    bool step(const Spot& spot) {
        const StepAction action = action_of(spot);
        if (action.kind == nullptr) return false;
        std::vector<std::uint32_t> guards;
        guard(spot, guards);
        if (action.kind->request) guard(action.value, guards);
        const bool endless = act(spot, action);
        for (const std::uint32_t guard_at : guards) program_.code[guard_at].jump = here();
        return endless && guards.empty();
    }

    void guard(const Spot& owner, std::vector<std::uint32_t>& guards) {
        plan::GuardStep guard;
        guard.probability = probability(owner.member("probability"));
        const Spot condition = owner.member("ifTrue");
        if (condition)
            guard.condition = compile_condition(compilation_, condition, ExpressionPlace::kCondition);
        if (guard.condition && constant_truth(*guard.condition) == false)
            compilation_.findings.warning(condition, "is never true, so this step never runs");
        if (!guard.probability && !guard.condition) return;
        program_.guards.push_back(std::move(guard));
        guards.push_back(emit(Op::kGuard, program_.guards.size() - 1, owner.place().mark));
    }

    std::optional<double> probability(const Spot& spot) {
        const auto percent = spot ? number_of(*spot) : std::nullopt;
        if (!percent) return std::nullopt;
        if (*percent < 0 || *percent > 100)
            compilation_.findings.error(spot,
                                        "found " + shown(spot->scalar) + ", expected a number from 0 to 100");
        if (*percent == 0) compilation_.findings.warning(spot, "is 0, so this step never runs");
        return std::clamp(*percent / 100, 0.0, 1.0);
    }

    /// True for a loop that never ends.
    bool act(const Spot& spot, const StepAction& action) {
        const Spot& value = action.value;
        const text::Mark mark = value.key_place.mark;
        if (action.kind->request) {
            if (!value->is_map()) return false;
            refuse_in_socket(value, action.action);
            program_.requests.push_back(compile_request(compilation_, context_, value, action.action));
            emit(Op::kRequest, program_.requests.size() - 1, mark);
        } else if (action.action == "loop") {
            return loop(spot, value);
        } else if (action.action == "parallel") {
            return parallel(spot, value);
        } else {
            simple(spot, action);
        }
        return false;
    }

    void simple(const Spot& spot, const StepAction& action) {
        const Spot& value = action.value;
        const text::Mark mark = value.key_place.mark;
        const std::string& name = action.action;
        if (name == "think") {
            program_.thinks.push_back(compile_think(compilation_, spot));
            emit(Op::kThink, program_.thinks.size() - 1, mark);
        } else if (name == "log") {
            program_.logs.push_back({compile_text(compilation_, value)});
            emit(Op::kLog, program_.logs.size() - 1, mark);
        } else if (name == "function") {
            if (const auto function = compile_function(compilation_, value)) call(*function, mark);
        } else if (name == "set") {
            program_.sets.push_back(compile_set(compilation_, value));
            emit(Op::kSet, program_.sets.size() - 1, mark);
        } else if (name == "assert") {
            assertions(spot, value);
        } else if (name == "pacing") {
            if (const auto interval = read_duration(compilation_, value)) pace(*interval, mark);
        } else if (name == "sse") {
            if (!value->is_map()) return;
            refuse_in_socket(value, name);
            program_.event_streams.push_back(compile_events(compilation_, context_, value));
            emit(Op::kEventStream, program_.event_streams.size() - 1, mark);
        } else {
            socket(spot, action);
        }
    }

    void socket(const Spot& spot, const StepAction& action) {
        const Spot& value = action.value;
        if (!context_.websocket) {
            compilation_.findings.error(value.key_place, value.path,
                                        "needs a scenario with engine: ws, and this one's is http");
            return;
        }
        if (action.action == "connect") {
            compilation_.findings.warning(
                value.key_place, value.path,
                "has no effect: a user connects once, and connect is its first step");
            return;
        }
        const bool waits = action.action == "wait";
        if (waits && !value->is_map()) return;
        const Spot name = spot.member("name");
        program_.socket_sends.push_back(waits ? compile_wait(compilation_, context_, value, name)
                                              : compile_send(compilation_, context_, value, name));
        emit(Op::kSocketSend, program_.socket_sends.size() - 1, value.key_place.mark);
    }

    void refuse_in_socket(const Spot& value, const std::string& name) {
        if (context_.websocket)
            compilation_.findings.error(
                value.key_place, value.path,
                shown(name) + " needs a scenario with engine: http, and this one's is ws");
    }

    void assertions(const Spot& spot, const Spot& value) {
        const std::size_t count = value->is_list() ? value->items.size() : 1;
        for (std::size_t i = 0; i < count; ++i) {
            const Spot one = value->is_list() ? value.item(i) : value;
            auto condition = compile_expression(compilation_, one, ExpressionPlace::kAssertion);
            if (!condition) continue;
            if (constant_truth(*condition))
                compilation_.findings.warning(one, "reads no variable, so it is always the same");
            program_.asserts.push_back(
                {std::move(*condition), read_text(one), read_text(spot.member("name"))});
            emit(Op::kAssert, program_.asserts.size() - 1, one.place().mark);
        }
    }

    bool loop(const Spot& spot, const Spot& body) {
        const std::uint32_t index = static_cast<std::uint32_t>(program_.loops.size());
        bool endless = false;
        program_.loops.emplace_back();
        program_.loops[index] = compile_loop(compilation_, spot, endless);
        const std::uint32_t start = emit(Op::kLoop, index, body.key_place.mark);
        const bool inner = steps(body);
        const std::uint32_t next = emit(Op::kNext, index, body.key_place.mark);
        program_.code[next].jump = start + 1;
        program_.code[start].jump = here();
        if (body->is_list() && body->items.empty())
            compilation_.findings.error(body.key_place, body.path, "has no steps");
        return body->is_list() && (endless || inner);
    }

    bool parallel(const Spot& spot, const Spot& body) {
        plan::ParallelStep step;
        const Spot limit = spot.member("limit");
        if (const auto number = limit ? whole_of(*limit) : std::nullopt) {
            if (*number == 0) compilation_.findings.error(limit, "found 0, expected 1 or more");
            step.limit = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(*number, 1, 10'000));
        }
        const std::uint32_t start = emit(Op::kParallel, program_.parallels.size(), body.key_place.mark);
        const std::size_t index = program_.parallels.size();
        program_.parallels.emplace_back();
        bool endless = false;
        for (std::size_t i = 0; body->is_list() && i < body->items.size(); ++i) {
            const Spot item = body.item(i);
            step.branches.push_back(here());
            const bool never_ends = item->is_list() ? steps(item) : item->is_map() && this->step(item);
            endless = endless || never_ends;
            emit(Op::kBranchEnd, 0, item.place().mark);
        }
        program_.parallels[index] = std::move(step);
        program_.code[start].jump = here();
        return endless;
    }
};

void check_traces(Compilation& compilation, const Spot& scenario) {
    if (const Spot traces = scenario.member("traces"))
        compilation.findings.warning(traces.key_place, traces.path,
                                     "is reserved for trace contracts and not used yet");
}

/// The first step's `connect`, which is not a step of its own: the connection is made before any.
Spot connect_of(const Spot& flow) {
    if (!flow || !flow->is_list() || flow->items.empty()) return {};
    return flow.item(0).member("connect");
}

}  // namespace

bool check_engine(Compilation& compilation, const Spot& scenario, bool& websocket) {
    const Spot own = scenario.member("engine");
    const Spot engine = own ? own : compilation.config().member("engine");
    const std::string name = read_text(engine, "http");
    websocket = name == "ws";
    if (websocket || name == "http") return true;
    std::string message = "the engine " + shown(name) + " is not supported; there are http and ws";
    if (name == "playwright") message += ". Browsers are not driven: record the requests and send those";
    if (name == "socketio" || name == "socketio-v3")
        message += ". Socket.IO is a protocol of its own on top of ws";
    compilation.findings.error(engine, message);
    return false;
}

plan::Journey compile_flow(Compilation& compilation, const Spot& scenario, bool before) {
    compilation.variables.begin_flow(scenario.path, before);
    plan::Journey journey;
    FlowContext context;
    if (!check_engine(compilation, scenario, journey.websocket)) return journey;
    context.websocket = journey.websocket;
    context.before_request = compile_hooks(compilation, scenario.member("beforeRequest"));
    context.after_response = compile_hooks(compilation, scenario.member("afterResponse"));
    context.tags = compile_tag_map(compilation, scenario.member("tags"));
    journey.on_error = compile_hooks(compilation, scenario.member("onError"));
    check_traces(compilation, scenario);

    FlowCompiler compiler(compilation, std::move(context));
    journey.begin = compiler.here();
    const Spot flow = scenario.member("flow");
    const text::Mark mark = scenario.place().mark;
    if (const auto interval = read_duration(compilation, scenario.member("pacing")))
        compiler.pace(*interval, mark);
    for (const plan::FunctionIndex function : compile_hooks(compilation, scenario.member("beforeScenario")))
        compiler.call(function, mark);
    bool endless = false;
    if (journey.websocket) {
        const Spot connect = connect_of(flow);
        compiler.connect(connect, connect ? connect.key_place.mark : mark);
        endless = compiler.steps(flow, connect ? 1 : 0);
    } else {
        endless = compiler.steps(flow);
        note_streams(compilation, flow);
    }
    const auto after = compile_hooks(compilation, scenario.member("afterScenario"));
    for (const plan::FunctionIndex function : after) compiler.call(function, mark);
    if (endless && !after.empty())
        compilation.findings.warning(scenario.member("afterScenario"),
                                     "is never called, because a loop never ends");
    if (flow && flow->is_list() && flow->items.empty())
        compilation.findings.warning(flow.key_place, flow.path, "has no steps, so its users do nothing");
    compiler.emit(Op::kEnd, 0, mark);
    return journey;
}

}  // namespace loadgen::scenario::artillery
