// One atomic change of a service: its rows, the events that tell of it, the workflows it starts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/telemetry/span.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::runtime {

/// A fact to be told once the change is on disk. The type's row in the catalogue gives source and
/// deprecation.
struct NewEvent {
    std::string_view type;
    std::string data;                  ///< JSON object
    std::string conversation_id = {};  ///< request and reply only
    std::string id = {};               ///< empty: a new uuid. Named when the same fact is told again
    Nanos delay{0};
};

/// What became of an answer to a workflow that waits.
enum class TokenOutcome { kAccepted, kUnknown };  ///< kUnknown: never issued, used, or expired

/// Why a request is not granted after all. Views of the answer's words are taken when it is made.
struct Refusal {
    int status = 500;
    std::string message;
    std::string code = {};  ///< where the service's error shape has one
    std::string data = {};  ///< JSON text for the shape's "data"
};

/// Valid inside the function that was given it, on the store's writing thread, which must not wait.
class Transaction {
  public:
    virtual ~Transaction() = default;

    virtual store::Statements& tables() = 0;
    virtual WallTime now() const = 0;
    std::int64_t now_ms() const { return now().unix_ns / 1'000'000; }
    /// The span that this change is part of: the request's, or the `process` span of an event.
    virtual telemetry::Span& span() = 0;

    /// Adds to the outbox. Leaves after the commit; lost never, sent again when in doubt.
    virtual Result<void> publish(NewEvent event) = 0;

    /// Starts a durable execution of a workflow that the service has defined. `id` names it uniquely:
    /// starting it again does nothing. `input` is JSON that its steps read.
    virtual Result<void> start_workflow(std::string_view workflow, std::string_view id,
                                        std::string input) = 0;
    /// Answers a step that waits for its token. Each token counts once.
    virtual Result<TokenOutcome> succeed_token(std::string_view token) = 0;
    virtual Result<TokenOutcome> fail_token(std::string_view token, std::string_view error_name) = 0;

    /// Ends a request's transaction without a trace in the store: `return transaction.refuse({.status = 404,
    /// ...})`. The answer is worded on the call's own loop, in the service's error shape.
    Error refuse(Refusal refusal) {
        refusal_ = std::move(refusal);
        return {ErrorCode::kUsage, "refused: " + refusal_->message};
    }
    const std::optional<Refusal>& refusal() const { return refusal_; }

  private:
    std::optional<Refusal> refusal_;
};

}  // namespace loadgen::services::runtime
