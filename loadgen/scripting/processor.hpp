// What scenarios ask of a processor: the user's own functions, in JavaScript, which run somewhere else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/text/value.hpp"

namespace loadgen::scripting {

/// The place of a function in a scenario, which decides about its parameters. Artillery's order of them.
enum class Hook : std::uint8_t {
    kFunction,       ///< (context, events, done): `function` steps, beforeScenario, afterScenario
    kBeforeRequest,  ///< (requestParams, context, events, done)
    kAfterResponse,  ///< (requestParams, response, context, events, done)
    kOnError,        ///< (error, requestParams, context, events, done)
    kIfTrue,         ///< (context.vars, done): says true or false
    kWhileTrue,      ///< (context, done): says true or false
    kConnect,        ///< (wsArgs, context, done): `connect.function`; wsArgs is `request`
};

/// A variable by name. The name is a view: of a slot table, or of something that outlives the call.
struct NamedValue {
    std::string_view name;
    text::Value value;  ///< undefined: the variable does not exist
};

/// One call in the name of one user. Everything is copied before `Processor::call` returns.
struct ProcessorCall {
    std::uint64_t token = 0;     ///< comes back with the reply; the caller keeps it unique
    std::uint64_t user = 0;      ///< whose `context`; below 2^53
    std::uint32_t function = 0;  ///< in ProcessorOptions::functions
    std::uint32_t scenario =
        0;  ///< in ProcessorOptions::scenarios: context.scenario; read when the user is new
    Hook hook = Hook::kFunction;
    /// Variables that changed since the user's last call or reply; all of them when the processor has not
    /// seen the user in this generation. Left out may be what all users share
    /// (ProcessorOptions::shared_variables).
    std::vector<NamedValue> variables;
    /// kConnect: an object of target, subprotocols and options. Else requestParams of the hooks that have
    /// them, an object: the step's attributes with `method` and `url`, which in Artillery begins with the
    /// target; templates are filled in only after beforeRequest.
    text::Value request;
    text::Value response;  ///< an object: statusCode, headers, body, url, timings
    std::string error;     ///< kOnError: the message
};

/// What a function counted: events.emit(kind, name, value).
struct EmittedMetric {
    enum class Kind : std::uint8_t {
        kCounter,    ///< value is added
        kHistogram,  ///< value is recorded, in the unit of the script (Artillery's own are milliseconds)
        kRate,       ///< one more event
        kError,      ///< one more error with this code
    };
    Kind kind = Kind::kCounter;
    std::string name;
    double value = 0;
};

/// How a call ended.
struct ProcessorReply {
    std::uint64_t token = 0;
    bool ok = false;
    bool answer = false;  ///< of kIfTrue and kWhileTrue
    std::string error;    ///< not ok: what is counted; the `code` of what was thrown, else its message
    std::string detail;   ///< not ok: for people, with function and place
    /// Variables that the call (or something it left running) changed; undefined: deleted. Also when not ok.
    std::vector<text::Value::Member> variables;
    /// Members of requestParams that the call changed; undefined: deleted. A Buffer is its bytes.
    std::vector<text::Value::Member> request;
    Nanos took{0};  ///< from `call` to here: never part of a latency
};

/// Receives what comes back. On the processor's thread, never from inside a call of the processor.
class ProcessorReplies {
  public:
    /// Once for every call, in any order. May make further calls and end users.
    virtual void on_reply(ProcessorReply&& reply) = 0;
    /// Emitted by a function; before the reply of the call that did it. May also come between calls.
    virtual void on_metric(const EmittedMetric& metric) = 0;

  protected:
    ~ProcessorReplies() = default;
};

struct ProcessorStatistics {
    std::uint64_t calls = 0;
    std::uint64_t failed = 0;    ///< of them; includes the two below
    std::uint64_t expired = 0;   ///< no reply before the deadline
    std::uint64_t refused = 0;   ///< too much was waiting already
    std::uint64_t restarts = 0;  ///< of the process behind it
    Nanos waited{0};             ///< sum of ProcessorReply::took
};

/// Runs the functions of one module for the users of one thread. Not thread-safe. It never blocks its caller;
/// what goes wrong, the start included, is told in the replies of the calls.
class Processor {
  public:
    virtual ~Processor() = default;

    /// Who receives the replies: before the first call. Must outlive the processor, or its last call.
    virtual void answer_to(ProcessorReplies& replies) = 0;
    /// Asks for a call. Calls of one loop turn travel together.
    virtual void call(const ProcessorCall& call) = 0;
    /// The user is gone; its `context` is dropped. Without effect for users that never made a call.
    virtual void end_user(std::uint64_t user) = 0;
    /// Changes when the processor has lost what it knew of all users: from then on a user's first call
    /// carries all its variables again. Never 0.
    virtual std::uint32_t generation() const = 0;
    virtual const ProcessorStatistics& statistics() const = 0;
};

}  // namespace loadgen::scripting
