// Rows of scripts, scenarios and steps.

#include "loadgen/scenario/artillery/key_rows.hpp"
#include "loadgen/scenario/artillery/keys.hpp"

namespace loadgen::scenario::artillery {
namespace {

constexpr std::uint32_t kHook = kText | kList;

// What may stand beside every action.
constexpr KeyRow kStepKeys[] = {
    {.name = "name", .kinds = kText, .doc = "What messages call the step."},
    {.name = "ifTrue",
     .kinds = kText,
     .doc = "The step runs only when this expression, or function, says so."},
    {.name = "probability", .kinds = kNumber, .doc = "The step runs in so many of 100 cases."},
};

constexpr auto kLoopKeys = joined(
    {{.name = "loop", .kinds = kSteps, .doc = "Steps that are repeated.", .required = true},
     {.name = "count",
      .kinds = kText,
      .doc = "So many rounds; \"2-5\": from 2 to before 5; -1 or 0: for ever."},
     {.name = "over",
      .kinds = kText | kList,
      .doc = "A list, or the variable that holds one: a round for each element."},
     {.name = "whileTrue",
      .kinds = kText,
      .doc = "Asked after each round: an expression, or a function of the processor."},
     {.name = "loopValue", .kinds = kText, .doc = "The variable that counts rounds ($loopCount)."},
     {.name = "loopElement", .kinds = kText, .doc = "The variable that holds the element ($loopElement)."}},
    kStepKeys);
constexpr auto kParallelKeys = joined(
    {{.name = "parallel", .kinds = kSteps, .doc = "Steps that run at the same time.", .required = true},
     {.name = "limit", .kinds = kWhole, .doc = "At most so many at once (default 100)."}},
    kStepKeys);
constexpr auto kThinkKeys =
    joined({{.name = "think", .kinds = kDuration | kTemplate, .doc = "A pause.", .required = true},
            {.name = "jitter",
             .kinds = kNumber | kText,
             .doc = "Up to so much more or less: milliseconds, a duration, or \"20%\"."}},
           kStepKeys);
constexpr auto kLogKeys = joined(
    {{.name = "log", .kinds = kText, .doc = "A message, with templates.", .required = true}}, kStepKeys);
constexpr auto kFunctionKeys =
    joined({{.name = "function", .kinds = kText, .doc = "A function of the processor.", .required = true}},
           kStepKeys);
constexpr auto kSetKeys =
    joined({{.name = "set",
             .kinds = kMap,
             .doc = "Variables: a text with {{ }} is a template, any other text an expression.",
             .object = &kFree,
             .required = true}},
           kStepKeys);
constexpr auto kAssertKeys = joined({{.name = "assert",
                                      .kinds = kText | kList,
                                      .doc = "Expressions that must be true, else the user fails.",
                                      .items = kText,
                                      .required = true}},
                                    kStepKeys);
constexpr auto kPacingKeys = joined({{.name = "pacing",
                                      .kinds = kDuration,
                                      .doc = "From here on a request is due this long after the one before.",
                                      .required = true}},
                                    kStepKeys);
constexpr auto kEventStepKeys = joined({{.name = "sse",
                                         .kinds = kMap,
                                         .doc = "Takes server-sent events.",
                                         .object = &kEvents,
                                         .required = true}},
                                       kStepKeys);
constexpr auto kConnectStepKeys = joined({{.name = "connect",
                                           .kinds = kText | kMap,
                                           .doc = "The WebSocket to open; the first step.",
                                           .object = &kConnect,
                                           .required = true}},
                                         kStepKeys);
constexpr auto kSendKeys =
    joined({{.name = "send",
             .kinds = kAny,
             .doc = "A WebSocket message; with capture or match its answer is awaited.",
             .object = &kFree,
             .required = true}},
           kStepKeys);
constexpr auto kWaitKeys = joined({{.name = "wait",
                                    .kinds = kMap,
                                    .doc = "Waits for a WebSocket message and looks at it.",
                                    .object = &kAnswered,
                                    .required = true}},
                                  kStepKeys);

constexpr ObjectKind kLoopStep{"loopStep", "a loop", "Repeats steps.", kLoopKeys};
constexpr ObjectKind kParallelStep{"parallelStep", "a parallel step", "Runs steps at the same time.",
                                   kParallelKeys};
constexpr ObjectKind kThinkStep{"thinkStep", "a think step", "Pauses.", kThinkKeys};
constexpr ObjectKind kLogStep{"logStep", "a log step", "Writes a message.", kLogKeys};
constexpr ObjectKind kFunctionStep{"functionStep", "a function step", "Calls the processor.", kFunctionKeys};
constexpr ObjectKind kSetStep{"setStep", "a set step", "Sets variables.", kSetKeys};
constexpr ObjectKind kAssertStep{"assertStep", "an assert step", "Checks variables.", kAssertKeys};
constexpr ObjectKind kPacingStep{"pacingStep", "a pacing step", "Sets the pace of requests.", kPacingKeys};
constexpr ObjectKind kEventStep{"sseStep", "an sse step", "Takes server-sent events.", kEventStepKeys};
constexpr ObjectKind kConnectStep{"connectStep", "a connect step", "Opens a WebSocket.", kConnectStepKeys};
constexpr ObjectKind kSendStep{"sendStep", "a send step", "Sends a WebSocket message.", kSendKeys};
constexpr ObjectKind kWaitStep{"waitStep", "a wait step", "Waits for a WebSocket message.", kWaitKeys};

constexpr KeyRow kFlowKeys[] = {
    {.name = "flow", .kinds = kSteps, .doc = "What a virtual user does.", .required = true},
    {.name = "name", .kinds = kText, .doc = "What reports call it."},
    {.name = "engine", .kinds = kText, .doc = "http (default) or ws."},
    {.name = "beforeScenario",
     .kinds = kHook,
     .doc = "Functions called before the first step.",
     .items = kText},
    {.name = "afterScenario", .kinds = kHook, .doc = "Functions called after the last step.", .items = kText},
    {.name = "beforeRequest",
     .kinds = kHook,
     .doc = "Functions that may change every request.",
     .items = kText},
    {.name = "afterResponse", .kinds = kHook, .doc = "Functions that see every response.", .items = kText},
    {.name = "onError", .kinds = kHook, .doc = "Functions called when the user fails.", .items = kText},
    {.name = "pacing", .kinds = kDuration, .doc = "A request is due this long after the one before."},
    {.name = "tags", .kinds = kMap, .doc = "Tags of all its requests.", .object = &kTexts},
    {.name = "traces", .kinds = kAny, .doc = "Reserved for trace contracts.", .object = &kFree},
    {.name = "weight",
     .kinds = kText,
     .doc = "How often the scenario is picked, against the others (default 1)."},
};

constexpr KeyRow kScriptKeys[] = {
    {.name = "config", .kinds = kMap | kNull, .doc = "How the run is set up.", .object = &kConfig},
    {.name = "scenarios",
     .kinds = kList,
     .doc = "What virtual users do; each user picks one.",
     .object = &kScenario,
     .items = kMap,
     .required = true},
    {.name = "before",
     .kinds = kMap,
     .doc = "Runs once before the load; what it captures all users have.",
     .object = &kHookFlow},
    {.name = "after", .kinds = kMap, .doc = "Runs once after the load.", .object = &kHookFlow},
    {.name = "traces", .kinds = kAny, .doc = "Reserved for trace contracts.", .object = &kFree},
    {.name = "$schema", .kinds = kText, .doc = "For editors."},
};

constexpr StepKind kStepKinds[] = {
    {"get", kRequestStep, true},
    {"post", kRequestStep, true},
    {"put", kRequestStep, true},
    {"patch", kRequestStep, true},
    {"delete", kRequestStep, true},
    {"head", kRequestStep, true},
    {"options", kRequestStep, true},
    {"loop", kLoopStep},
    {"parallel", kParallelStep},
    {"think", kThinkStep},
    {"log", kLogStep},
    {"function", kFunctionStep},
    {"set", kSetStep},
    {"assert", kAssertStep},
    {"pacing", kPacingStep},
    {"sse", kEventStep},
    {"connect", kConnectStep},
    {"send", kSendStep},
    {"wait", kWaitStep},
};

}  // namespace

constinit const ObjectKind kScript{
    "script", "a script", "A scenario file of loadgen; Artillery's scripts are such files.", kScriptKeys};
constinit const ObjectKind kScenario{"scenario", "a scenario", "What some of the virtual users do.",
                                     kFlowKeys};
constinit const ObjectKind kHookFlow{"onceFlow", "before and after", "A flow that runs once.",
                                     std::span(kFlowKeys).first(9)};
constinit const ObjectKind kRequestStep{"requestStep", "a request step", "Sends an HTTP request.", kStepKeys};

std::span<const StepKind> step_kinds() {
    return kStepKinds;
}

const KeyRow* find_key(const ObjectKind& kind, std::string_view name) {
    for (const KeyRow& row : kind.keys)
        if (row.name == name) return &row;
    return nullptr;
}

}  // namespace loadgen::scenario::artillery
