// Rows of scenarios, steps and what responses are looked at for.
#include <array>

#include "loadgen/scenario/artillery/keys.hpp"

namespace loadgen::scenario::artillery {
namespace {

constexpr std::uint32_t kHook = kText | kList;

constexpr ObjectKind kHeaders{
    "headers", "headers", "Header fields by name; values may be templates.", {}, kText};
constexpr ObjectKind kTexts{"texts", "a map of texts", "Texts by name.", {}, kText};
constexpr ObjectKind kFree{"free", "a map", "Anything by name.", {}, kAny};

constexpr KeyRow kCaptureKeys[] = {
    {.name = "as", .kinds = kText, .doc = "The variable that takes the value.", .required = true},
    {.name = "json", .kinds = kText, .doc = "A JSONPath (RFC 9535) into the body."},
    {.name = "regexp", .kinds = kText, .doc = "A regular expression over the body."},
    {.name = "header", .kinds = kText, .doc = "The name of a header field."},
    {.name = "xpath", .kinds = kText, .doc = "An XPath into an XML body."},
    {.name = "selector", .kinds = kText, .doc = "A CSS selector into an HTML body."},
    {.name = "strict", .kinds = kBool, .doc = "Whether finding nothing fails the user (default true)."},
    {.name = "multiple",
     .kinds = kBool,
     .doc = "With json: false takes all matches; otherwise one at random."},
    {.name = "group", .kinds = kText, .doc = "With regexp: number or name of the group."},
    {.name = "flags", .kinds = kText, .doc = "With regexp: flags as in JavaScript."},
    {.name = "attr", .kinds = kText, .doc = "With selector: the attribute; its text unless given."},
    {.name = "index", .kinds = kText, .doc = "With selector: a number, last or random (default 0)."},
};
constexpr ObjectKind kCapture{"capture", "a capture", "A value taken from the response.", kCaptureKeys};

constexpr KeyRow kMatchKeys[] = {
    {.name = "json", .kinds = kText, .doc = "A JSONPath into the body.", .required = true},
    {.name = "value", .kinds = kAny, .doc = "What must stand there.", .object = &kFree, .required = true},
    {.name = "strict", .kinds = kBool, .doc = "Whether a difference fails the user (default true)."},
};
constexpr ObjectKind kMatch{"match", "a match", "A value the response must have (deprecated: use expect).",
                            kMatchKeys};

constexpr KeyRow kExpectationKeys[] = {
    {.name = "statusCode", .kinds = kText | kList, .doc = "The status, or one of a list.", .items = kText},
    {.name = "notStatusCode",
     .kinds = kText | kList,
     .doc = "Any status but this, or those of a list.",
     .items = kText},
    {.name = "contentType", .kinds = kText, .doc = "json, or the whole content type."},
    {.name = "hasHeader", .kinds = kText, .doc = "A header field that must be there."},
    {.name = "headerEquals", .kinds = kList, .doc = "A header field and its value.", .items = kText},
    {.name = "hasProperty", .kinds = kText, .doc = "A path that the JSON body must have."},
    {.name = "notHasProperty", .kinds = kText, .doc = "A path that the JSON body must not have."},
    {.name = "equals", .kinds = kList, .doc = "Values that must be equal as texts."},
    {.name = "matchesRegexp", .kinds = kText, .doc = "A regular expression that the body must match."},
    {.name = "cdnHit", .kinds = kBool, .doc = "Whether a cache must have answered."},
    {.name = "checkJsonSchema",
     .kinds = kText | kMap,
     .doc = "A JSON Schema, or its file, that the body must fit.",
     .object = &kFree},
    {.name = "jmespath", .kinds = kAny, .doc = "Not supported: use hasProperty, or capture and assert."},
    {.name = "jpath", .kinds = kAny, .doc = "Not supported: use hasProperty, or capture and assert."},
    {.name = "description", .kinds = kText, .doc = "What an expectation is about."},
};

constexpr KeyRow kAuthKeys[] = {
    {.name = "user", .kinds = kText, .doc = "The user's name."},
    {.name = "pass", .kinds = kText, .doc = "The password."},
};
constexpr ObjectKind kAuth{"auth", "auth", "Basic authentication (RFC 7617).", kAuthKeys};

constexpr KeyRow kPartKeys[] = {
    {.name = "value", .kinds = kAny, .doc = "The part's content.", .object = &kFree},
    {.name = "fromFile", .kinds = kText, .doc = "A file to upload, relative to the script."},
    {.name = "contentType", .kinds = kText, .doc = "The part's content type."},
};
constexpr ObjectKind kPart{"formPart", "a part of formData", "One part of a multipart body.", kPartKeys};
constexpr ObjectKind kFormData{"formData", "formData",   "A multipart body (RFC 7578).",
                               {},         kText | kMap, &kPart};

constexpr KeyRow kRequestKeys[] = {
    {.name = "url", .kinds = kText, .doc = "A path below the target, or an absolute URL."},
    {.name = "uri", .kinds = kText, .doc = "Another name of url."},
    {.name = "name", .kinds = kText, .doc = "What reports call the request."},
    {.name = "headers", .kinds = kMap | kNull, .doc = "Header fields.", .object = &kHeaders},
    {.name = "cookie",
     .kinds = kMap | kNull,
     .doc = "Cookies put into the user's jar before.",
     .object = &kTexts},
    {.name = "qs", .kinds = kMap | kNull, .doc = "The query string.", .object = &kFree},
    {.name = "json", .kinds = kAny, .doc = "A JSON body; texts and keys may be templates.", .object = &kFree},
    {.name = "body", .kinds = kText, .doc = "A body as it is."},
    {.name = "form", .kinds = kMap, .doc = "A body of form fields, URL-encoded.", .object = &kFree},
    {.name = "formData", .kinds = kMap, .doc = "A multipart body, files included.", .object = &kFormData},
    {.name = "setContentLengthHeader", .kinds = kBool, .doc = "Accepted: the length is always sent."},
    {.name = "followRedirect", .kinds = kBool, .doc = "Whether redirects are followed (default true)."},
    {.name = "gzip",
     .kinds = kBool,
     .doc = "Whether compressed answers are asked for and unpacked (default true)."},
    {.name = "auth", .kinds = kMap, .doc = "Basic authentication.", .object = &kAuth},
    {.name = "capture",
     .kinds = kMap | kList,
     .doc = "Values taken from the response.",
     .object = &kCapture,
     .items = kMap},
    {.name = "match",
     .kinds = kMap | kList,
     .doc = "Deprecated: use expect.",
     .object = &kMatch,
     .items = kMap},
    {.name = "expect",
     .kinds = kMap | kList,
     .doc = "What the response must be like.",
     .object = &kExpectation,
     .items = kMap},
    {.name = "ifTrue",
     .kinds = kText,
     .doc = "The step runs only when this expression, or function, says so."},
    {.name = "probability", .kinds = kNumber, .doc = "The step runs in so many of 100 cases."},
    {.name = "beforeRequest",
     .kinds = kHook,
     .doc = "Functions that may change the request.",
     .items = kText},
    {.name = "afterResponse", .kinds = kHook, .doc = "Functions that see the response.", .items = kText},
    {.name = "tags", .kinds = kMap, .doc = "Tags of its metrics.", .object = &kTexts},
    {.name = "traces", .kinds = kAny, .doc = "Reserved for trace contracts.", .object = &kFree},
};

constexpr KeyRow kEventKeys[] = {
    {.name = "url", .kinds = kText, .doc = "A path below the target, or an absolute URL.", .required = true},
    {.name = "name", .kinds = kText, .doc = "What reports call the stream."},
    {.name = "headers", .kinds = kMap | kNull, .doc = "Header fields.", .object = &kHeaders},
    {.name = "qs", .kinds = kMap | kNull, .doc = "The query string.", .object = &kFree},
    {.name = "auth", .kinds = kMap, .doc = "Basic authentication.", .object = &kAuth},
    {.name = "events",
     .kinds = kWhole,
     .doc = "So many events end the step (default 1; 0: only the time does)."},
    {.name = "timeout",
     .kinds = kDuration,
     .doc = "The step ends after this time at the latest (default 30 seconds)."},
    {.name = "capture",
     .kinds = kMap | kList,
     .doc = "Values taken from the last event.",
     .object = &kCapture,
     .items = kMap},
    {.name = "match",
     .kinds = kMap | kList,
     .doc = "What the last event must hold.",
     .object = &kMatch,
     .items = kMap},
    {.name = "tags", .kinds = kMap, .doc = "Tags of its metrics.", .object = &kTexts},
};
constexpr ObjectKind kEvents{"sse", "sse", "A stream of server-sent events.", kEventKeys};

constexpr KeyRow kConnectKeys[] = {
    {.name = "target", .kinds = kText, .doc = "The URL (ws:// or wss://); the script's target unless given."},
    {.name = "headers", .kinds = kMap | kNull, .doc = "Header fields of the handshake.", .object = &kHeaders},
    {.name = "subprotocols", .kinds = kList, .doc = "Subprotocols to offer.", .items = kText},
    {.name = "function", .kinds = kText, .doc = "Not supported: use templates."},
    {.name = "proxy", .kinds = kAny, .doc = "Not supported."},
};
constexpr ObjectKind kConnect{"connect", "connect", "The WebSocket to open.", kConnectKeys};

// What may stand beside every action.
#define LOADGEN_STEP_KEYS                                                                        \
    {.name = "name", .kinds = kText, .doc = "What messages call the step."},                     \
        {.name = "ifTrue",                                                                       \
         .kinds = kText,                                                                         \
         .doc = "The step runs only when this expression, or function, says so."},               \
    {                                                                                            \
        .name = "probability", .kinds = kNumber, .doc = "The step runs in so many of 100 cases." \
    }

constexpr KeyRow kLoopKeys[] = {
    {.name = "loop", .kinds = kSteps, .doc = "Steps that are repeated.", .required = true},
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
    {.name = "loopElement", .kinds = kText, .doc = "The variable that holds the element ($loopElement)."},
    LOADGEN_STEP_KEYS,
};
constexpr KeyRow kParallelKeys[] = {
    {.name = "parallel", .kinds = kSteps, .doc = "Steps that run at the same time.", .required = true},
    {.name = "limit", .kinds = kWhole, .doc = "At most so many at once (default 100)."},
    LOADGEN_STEP_KEYS,
};
constexpr KeyRow kThinkKeys[] = {
    {.name = "think", .kinds = kDuration | kTemplate, .doc = "A pause.", .required = true},
    {.name = "jitter",
     .kinds = kNumber | kText,
     .doc = "Up to so much more or less: milliseconds, a duration, or \"20%\"."},
    LOADGEN_STEP_KEYS,
};
constexpr KeyRow kLogKeys[] = {
    {.name = "log", .kinds = kText, .doc = "A message, with templates.", .required = true},
    LOADGEN_STEP_KEYS};
constexpr KeyRow kFunctionKeys[] = {
    {.name = "function", .kinds = kText, .doc = "A function of the processor.", .required = true},
    LOADGEN_STEP_KEYS};
constexpr KeyRow kSetKeys[] = {
    {.name = "set",
     .kinds = kMap,
     .doc = "Variables: a text with {{ }} is a template, any other text an expression.",
     .object = &kFree,
     .required = true},
    LOADGEN_STEP_KEYS};
constexpr KeyRow kAssertKeys[] = {{.name = "assert",
                                   .kinds = kText | kList,
                                   .doc = "Expressions that must be true, else the user fails.",
                                   .items = kText,
                                   .required = true},
                                  LOADGEN_STEP_KEYS};
constexpr KeyRow kPacingKeys[] = {{.name = "pacing",
                                   .kinds = kDuration,
                                   .doc = "From here on a request is due this long after the one before.",
                                   .required = true},
                                  LOADGEN_STEP_KEYS};
constexpr KeyRow kEventStepKeys[] = {
    {.name = "sse", .kinds = kMap, .doc = "Takes server-sent events.", .object = &kEvents, .required = true},
    LOADGEN_STEP_KEYS};
constexpr KeyRow kConnectStepKeys[] = {{.name = "connect",
                                        .kinds = kText | kMap,
                                        .doc = "The WebSocket to open; the first step.",
                                        .object = &kConnect,
                                        .required = true},
                                       LOADGEN_STEP_KEYS};
constexpr KeyRow kSendKeys[] = {{.name = "send",
                                 .kinds = kAny,
                                 .doc = "A WebSocket message; with capture or match its answer is awaited.",
                                 .object = &kFree,
                                 .required = true},
                                LOADGEN_STEP_KEYS};
constexpr KeyRow kWaitKeys[] = {{.name = "wait",
                                 .kinds = kMap,
                                 .doc = "Waits for a WebSocket message and looks at it.",
                                 .object = &kAnswered,
                                 .required = true},
                                LOADGEN_STEP_KEYS};

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

constexpr KeyRow kBesideRequestKeys[] = {LOADGEN_STEP_KEYS};
#undef LOADGEN_STEP_KEYS

constexpr KeyRow kAnsweredKeys[] = {
    {.name = "payload", .kinds = kAny, .doc = "The message to send.", .object = &kFree},
    {.name = "capture",
     .kinds = kMap | kList,
     .doc = "Values taken from the answer.",
     .object = &kCapture,
     .items = kMap},
    {.name = "match",
     .kinds = kMap | kList,
     .doc = "What the answer must hold.",
     .object = &kMatch,
     .items = kMap},
};

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
constinit const ObjectKind kRequest{"request", "a request", "An HTTP request.", kRequestKeys};
constinit const ObjectKind kRequestStep{"requestStep", "a request step", "Sends an HTTP request.",
                                        kBesideRequestKeys};
constinit const ObjectKind kAnswered{"answered", "a message", "A WebSocket message and its answer.",
                                     kAnsweredKeys};
constinit const ObjectKind kExpectation{"expectation", "an expectation", "What the response must be like.",
                                        kExpectationKeys};

std::span<const StepKind> step_kinds() {
    return kStepKinds;
}

const KeyRow* find_key(const ObjectKind& kind, std::string_view name) {
    for (const KeyRow& row : kind.keys)
        if (row.name == name) return &row;
    return nullptr;
}

}  // namespace loadgen::scenario::artillery
