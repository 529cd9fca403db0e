// The steps of a virtual user, compiled: data without behaviour. loadgen/steps runs them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/time.hpp"
#include "common/text/expression.hpp"
#include "common/text/mark.hpp"
#include "common/text/scope.hpp"
#include "common/text/template_text.hpp"
#include "common/text/value.hpp"
#include "loadgen/plan/captures.hpp"

namespace loadgen::plan {

/// Number of a function of the processor, in ScenarioPlan::functions.
using FunctionIndex = std::uint32_t;

/// Something that is true or not: an expression, or a function of the processor that says so.
using Condition = std::variant<text::Expression, FunctionIndex>;

// -- Requests

struct FormPart {
    text::Template name;
    text::ValueTemplate value;  ///< unless a file
    std::string file;           ///< path, already resolved against the scenario's folder; or just that folder
    std::shared_ptr<const std::string> file_bytes;
    std::optional<text::Template> file_below;  ///< of `file`: read when it is sent
    std::string content_type;
};

struct JsonBody {
    text::ValueTemplate value;
};
struct TextBody {
    text::Template text;
};
struct UrlEncodedBody {
    std::vector<std::pair<text::Template, text::ValueTemplate>> fields;
};
struct MultipartBody {
    std::vector<FormPart> parts;
};
using Body = std::variant<std::monostate, JsonBody, TextBody, UrlEncodedBody, MultipartBody>;

struct RequestStep {
    std::string method;     ///< upper case
    text::Template url;     ///< absolute, or a path that is appended to the target
    text::Template name;    ///< what reports group by: `name`, else the method and the URL as written
    bool named = false;     ///< it has a `name` of its own
    std::string url_text;   ///< as written
    std::string name_text;  ///< as written; empty unless named
    /// The step's attributes as written, templates and all, with `url` and `method`: what beforeRequest hooks
    /// are given. Undefined when the step has none.
    text::Value parameters;
    std::vector<std::pair<text::Template, text::Template>> headers;  ///< defaults first, names in lower case
    std::vector<std::pair<text::Template, text::ValueTemplate>> query;
    std::vector<std::pair<std::string, text::Template>> cookies;
    Body body;
    std::optional<std::pair<text::Template, text::Template>> basic_auth;  ///< user, password
    bool follow_redirects = true;
    bool decompress = true;
    std::vector<Capture> captures;
    std::vector<Match> matches;
    std::vector<Expectation> expectations;
    std::vector<FunctionIndex> before_request;  ///< the scenario's first
    std::vector<FunctionIndex> after_response;
    std::vector<std::uint32_t> tags;  ///< in ScenarioPlan::tags
};

// -- Everything else

struct Jitter {
    Nanos absolute{0};
    double share = 0;  ///< of the think time, 0..1; used when `absolute` is 0
};

struct ThinkStep {
    text::Template duration;  ///< used when `fixed` is not set
    std::optional<Nanos> fixed;
    std::optional<Jitter> jitter;
};

struct LoopStep {
    text::Template count;  ///< "10", "1-5" (from, to; `to` not included), "-1" for ever; empty = none given
    std::optional<text::ValueTemplate> over;  ///< a list, or the variable that holds one
    std::optional<Condition> condition;       ///< whileTrue: asked after each round
    text::Slot index_slot = 0;                ///< $loopCount, or loopValue
    text::Slot element_slot = 0;              ///< $loopElement
};

struct ParallelStep {
    std::uint32_t limit = 100;
    std::vector<std::uint32_t> branches;  ///< first instruction of each; each ends with kBranchEnd
};

struct Assignment {
    Target target;
    std::variant<text::Expression, text::ValueTemplate> value;
};

struct SetStep {
    std::vector<Assignment> assignments;
};

struct AssertStep {
    text::Expression condition;
    std::string text;  ///< as written
    std::string name;
};

struct LogStep {
    text::Template text;
};

struct CallStep {
    FunctionIndex function = 0;
};

/// Runs what follows only with this probability and when the condition holds.
struct GuardStep {
    std::optional<double> probability;  ///< 0..1
    std::optional<Condition> condition;
};

/// Every further request of this user is due at least this long after the one before it was due.
struct PacingStep {
    Nanos interval{0};
};

/// WebSocket: opens the user's connection (RFC 6455) unless it is open.
struct SocketConnectStep {
    text::Template url;
    text::Template name;
    std::vector<std::pair<text::Template, text::Template>> headers;
    std::vector<std::string> protocols;
    /// Of the processor: may change the URL, `options` and the subprotocols before the handshake.
    std::optional<FunctionIndex> function;
    text::Value options;              ///< an object: what the function sees as such, beside the headers
    std::vector<std::uint32_t> tags;  ///< in ScenarioPlan::tags
};

struct SocketSendStep {
    text::ValueTemplate payload;  ///< texts as they are, everything else as JSON
    bool sends = true;            ///< false: `wait`, which only takes the next message
    text::Template name;
    bool expects_answer = false;  ///< the next message is its answer: captured and measured
    Nanos timeout{10'000'000'000};
    std::vector<Capture> captures;
    std::vector<Match> matches;
    std::vector<std::uint32_t> tags;  ///< in ScenarioPlan::tags
};

/// Server-sent events: opens a stream and takes so many events, or for so long. Events that the request's
/// matches do not fit are passed over; captures look at each of the others, and the last one's stay.
struct EventStreamStep {
    RequestStep request;
    std::vector<Capture> head_captures;  ///< those that look at the fields of the answer; not in `request`
    std::uint32_t events = 1;            ///< ends the step; 0 = only the time does
    Nanos timeout{30'000'000'000};       ///< of the whole step; a failure unless `events` is 0
};

enum class Op : std::uint8_t {
    kRequest,
    kThink,
    kLog,
    kCall,
    kSet,
    kAssert,
    kGuard,     ///< to `jump` when it says no
    kLoop,      ///< to `jump` (behind its kNext) when there is no first round
    kNext,      ///< end of a round: to `jump` (the first instruction inside) for another
    kParallel,  ///< starts its branches; goes on at `jump` when all have ended
    kBranchEnd,
    kPacing,
    kSocketConnect,
    kSocketSend,
    kEventStream,
    kEnd,
};

struct Instruction {
    Op op = Op::kEnd;
    std::uint32_t operand = 0;  ///< index into the vector of its kind
    std::uint32_t jump = 0;
};

/// All flows of a scenario file, one behind the other.
struct Program {
    std::vector<Instruction> code;
    std::vector<text::Mark> marks;  ///< of each instruction, for messages
    std::vector<RequestStep> requests;
    std::vector<ThinkStep> thinks;
    std::vector<LogStep> logs;
    std::vector<CallStep> calls;
    std::vector<SetStep> sets;
    std::vector<AssertStep> asserts;
    std::vector<GuardStep> guards;
    std::vector<LoopStep> loops;
    std::vector<ParallelStep> parallels;
    std::vector<PacingStep> pacings;
    std::vector<SocketConnectStep> socket_connects;
    std::vector<SocketSendStep> socket_sends;
    std::vector<EventStreamStep> event_streams;
};

}  // namespace loadgen::plan
