// The Transaction that services are given: one change on the store's writing thread.
#pragma once

#include "services/runtime/transaction.hpp"
#include "services/runtime/workflow/workflow_engine.hpp"

namespace loadgen::services::runtime {

/// What a transaction of a service writes besides its rows. The same for all transactions of the service.
struct TransactionParts {
    const Clock& clock;
    std::int64_t owner = 0;               ///< of outbox rows
    WorkflowEngine* workflows = nullptr;  ///< null: the service has none
};

/// Lives inside the store's change. Writing thread only.
class StoreTransaction final : public Transaction {
  public:
    /// What has to be woken after the commit.
    struct Effects {
        bool events = false;
        bool workflows = false;
    };

    /// `cause` is the span whose work this is (events and executions continue it), `upstream` the context of
    /// the event behind it when that is another trace, or null. All outlive the transaction.
    StoreTransaction(const TransactionParts& parts, store::Statements& tables, telemetry::Span& span,
                     const telemetry::SpanContext& cause, const telemetry::SpanContext* upstream,
                     Effects& effects)
        : parts_(parts),
          tables_(tables),
          span_(span),
          cause_(cause),
          upstream_(upstream),
          effects_(effects),
          now_(parts.clock.wall_now()) {}

    store::Statements& tables() override { return tables_; }
    WallTime now() const override { return now_; }
    telemetry::Span& span() override { return span_; }
    Result<void> publish(NewEvent event) override;
    Result<void> start_workflow(std::string_view workflow, std::string_view id, std::string input) override;
    Result<TokenOutcome> succeed_token(std::string_view token) override;
    Result<TokenOutcome> fail_token(std::string_view token, std::string_view error_name) override;

  private:
    const TransactionParts& parts_;
    store::Statements& tables_;
    telemetry::Span& span_;
    const telemetry::SpanContext& cause_;
    const telemetry::SpanContext* upstream_;
    Effects& effects_;
    const WallTime now_;
};

}  // namespace loadgen::services::runtime
