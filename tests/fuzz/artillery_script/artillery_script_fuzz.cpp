// Scenario files from any text: never a crash, always a reason, and a plan whose parts fit together.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "loadgen/scenario/artillery.hpp"

namespace {

using namespace loadgen;

text::Value nothing(text::CallContext&, std::span<const text::Value>) {
    return {};
}

constexpr text::FunctionEntry kFunctions[] = {{"$randomNumber", nothing, 2, 2, ""},
                                              {"$randomString", nothing, 0, 1, ""}};

void require(bool holds) {
    if (!holds) std::abort();
}

std::size_t operands(const plan::Program& program, plan::Op op) {
    switch (op) {
        case plan::Op::kRequest:
            return program.requests.size();
        case plan::Op::kThink:
            return program.thinks.size();
        case plan::Op::kLog:
            return program.logs.size();
        case plan::Op::kCall:
            return program.calls.size();
        case plan::Op::kSet:
            return program.sets.size();
        case plan::Op::kAssert:
            return program.asserts.size();
        case plan::Op::kGuard:
            return program.guards.size();
        case plan::Op::kLoop:
        case plan::Op::kNext:
            return program.loops.size();
        case plan::Op::kParallel:
            return program.parallels.size();
        case plan::Op::kPacing:
            return program.pacings.size();
        case plan::Op::kSocketConnect:
            return program.socket_connects.size();
        case plan::Op::kSocketSend:
            return program.socket_sends.size();
        case plan::Op::kEventStream:
            return program.event_streams.size();
        case plan::Op::kBranchEnd:
        case plan::Op::kEnd:
            return 1;
    }
    return 0;
}

void check_plan(const plan::ScenarioPlan& plan) {
    const plan::Program& program = plan.program;
    require(program.code.size() == program.marks.size());
    for (const plan::Instruction& instruction : program.code) {
        require(instruction.operand < operands(program, instruction.op));
        require(instruction.jump < program.code.size());
    }
    require(!plan.journeys.empty());
    for (const plan::Journey& journey : plan.journeys) require(journey.begin < program.code.size());
    for (const plan::ParallelStep& parallel : program.parallels)
        for (const std::uint32_t branch : parallel.branches) require(branch < program.code.size());
    for (const plan::RequestStep& request : program.requests)
        for (const std::uint32_t tag : request.tags) require(tag < plan.tags.size());
    require(plan.initial.size() == plan.slots.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string script(reinterpret_cast<const char*>(data), size);
    const text::FunctionTable functions(kFunctions);
    scenario::LoadOptions options;
    options.script = "load.yml";
    options.functions = &functions;
    options.environment = size % 3 == 0 ? "e" : "";
    options.process_environment = {{"A", "1"}};
    options.read_file = [&script](const std::string& path, std::size_t) -> Result<std::string> {
        if (path == "load.yml") return script;
        if (path == "d.csv") return std::string("0,1\n5,2\n");
        if (path == "p.js") return std::string("f");
        return Error{ErrorCode::kNotFound, path + ": no such file"};
    };
    options.list_functions = [](const std::string&) -> Result<std::vector<std::string>> {
        return std::vector<std::string>{"f", "g"};
    };
    const scenario::Loaded loaded = scenario::load_scenario(options);
    bool any_error = false;
    for (const text::Finding& finding : loaded.findings) {
        require(!finding.message.empty() && !finding.file.empty());
        any_error = any_error || finding.severity == text::Severity::kError;
    }
    require(loaded.ok != any_error);
    if (!loaded.ok) return 0;
    require(loaded.plan != nullptr && loaded.load.schedule != nullptr);
    require(loaded.load.phases.size() == loaded.plan->phases.size());
    check_plan(*loaded.plan);
    return 0;
}
