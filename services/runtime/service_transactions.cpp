// The transactions that a service asks its host for.
#include "services/platform/error_body.hpp"
#include "services/runtime/service_host.hpp"

namespace loadgen::services::runtime {
namespace {

constexpr int kFailed = 500;
constexpr int kBusy = 503;
constexpr int kRetryAfterSeconds = 1;

/// Semantic conventions 1.44, database client spans.
telemetry::Span start_store_span(const telemetry::Tracer& tracer, const StoreOperation& operation,
                                 const telemetry::SpanContext& parent) {
    if (!tracer.enabled()) return tracer.start({.name = {}, .parent = &parent});
    const std::string name = std::string(operation.operation).append(" ").append(operation.collection);
    telemetry::Span span =
        tracer.start({.name = name, .kind = telemetry::SpanKind::kClient, .parent = &parent});
    span.set("db.system.name", "sqlite");
    span.set("db.operation.name", operation.operation);
    span.set("db.collection.name", operation.collection);
    return span;
}

/// A change on its way: what the store's thread and whoever waits for the outcome share, one after the other.
/// After kLimit the change may still be running; the outcome then leaves the span to the last owner.
struct Underway {
    telemetry::Span span;
    StoreTransaction::Effects effects;
    http::Response response;
    std::optional<Refusal> refusal;

    void end(const Result<void>& outcome) {
        if (outcome || refusal) {
            span.end();
        } else if (outcome.error().code != ErrorCode::kLimit) {
            span.fail("store", outcome.error().message);
            span.end();
        }
    }
};

}  // namespace

http::Response store_failure(platform::Call& call, const Error& error) {
    call.error = error.message;
    const bool busy = error.code == ErrorCode::kLimit;
    return platform::error_response(call, {.status = busy ? kBusy : kFailed,
                                           .message = busy ? "busy, try again" : "internal error",
                                           .retry_after_seconds = busy ? kRetryAfterSeconds : 0});
}

http::Response refused(platform::Call& call, const Refusal& refusal) {
    return platform::error_response(
        call,
        {.status = refusal.status, .message = refusal.message, .code = refusal.code, .data = refusal.data});
}

void ServiceHost::transact(const platform::CallPtr& call, StoreOperation operation, Work work) {
    auto underway = std::make_shared<Underway>();
    underway->span = start_store_span(tracer_, operation, call->span.context());
    store_->write(
        [this, underway, work = std::move(work)](store::Statements& tables) -> Result<void> {
            telemetry::Span& span = underway->span;
            StoreTransaction transaction(transactions_, tables, span, span.context(), nullptr,
                                         underway->effects);
            auto answer = work(transaction);
            if (!answer) {
                underway->refusal = transaction.refusal();
                return std::move(answer).error();
            }
            underway->response = std::move(*answer);
            return {};
        },
        [this, underway, call](Result<void> outcome) {
            underway->end(outcome);
            if (outcome) committed(underway->effects);
            // Runs on the store's thread; the call belongs to its loop.
            call->loop().post([underway, call, outcome = std::move(outcome)] {
                call->answer(outcome             ? std::move(underway->response)
                             : underway->refusal ? refused(*call, *underway->refusal)
                                                 : store_failure(*call, outcome.error()));
            });
        });
}

void ServiceHost::transact(std::string_view span_name, const telemetry::SpanContext& parent,
                           std::function<Result<void>(Transaction&)> work,
                           std::function<void(Result<void>)> done) {
    auto underway = std::make_shared<Underway>();
    underway->span = tracer_.start({.name = span_name, .parent = &parent});
    store_->write(
        [this, underway, work = std::move(work)](store::Statements& tables) {
            telemetry::Span& span = underway->span;
            StoreTransaction transaction(transactions_, tables, span, span.context(), nullptr,
                                         underway->effects);
            return work(transaction);
        },
        [this, underway, done = std::move(done)](Result<void> outcome) {
            underway->end(outcome);
            if (outcome) committed(underway->effects);
            done(std::move(outcome));
        });
}

}  // namespace loadgen::services::runtime
