#include "services/grocery/users/events/push_sender.hpp"

#include "services/grocery/users/domain/push_endpoint.hpp"

namespace loadgen::services::grocery::users {
namespace {

constexpr std::int64_t kAtOnce = 64;
constexpr Nanos kTimeout = std::chrono::seconds(5);
// Longer than an attempt with its wait in the client's queue; who dies meanwhile loses the delivery to
// another after it.
constexpr std::int64_t kLeaseMs = 30'000;
constexpr std::size_t kMaxAnswer = 64 * 1024;

std::int64_t now_ms(const Clock& clock) {
    return clock.wall_now().unix_ns / 1'000'000;
}

}  // namespace

PushSender::PushSender(runtime::ServiceContext& context)
    : context_(context),
      sent_(context.meter().counter("grocery.push.sent", "{notification}")),
      dropped_(context.meter().counter("grocery.push.dropped", "{notification}")) {}

void PushSender::run() {
    settle();
    if (!reader_) {
        auto reader = context_.store().open_reader();
        if (!reader) return;
        reader_ = std::move(*reader);
    }
    const auto due = deliveries_due(*reader_, now_ms(context_.clock()));
    if (due && *due) take_due();
}

void PushSender::settle() {
    std::vector<Attempt> attempts;
    {
        const std::lock_guard lock(mutex_);
        attempts.swap(attempts_);
    }
    if (attempts.empty()) return;
    // Should this fail, the leases run out and the deliveries come again.
    context_.transact(
        "settle pushes", {},
        [this, attempts = std::move(attempts)](runtime::Transaction& transaction) {
            return settle_in(transaction, attempts);
        },
        [](Result<void>) {});
}

Result<void> PushSender::settle_in(runtime::Transaction& transaction, const std::vector<Attempt>& attempts) {
    for (const auto& [delivery, failure] : attempts) {
        const bool again = !failure.empty() && delivery.attempt < kPushAttempts;
        const std::int64_t wait_ms = push_retry_wait(delivery.attempt).count() / 1'000'000;
        auto done = again ? postpone_delivery(transaction.tables(), delivery.delivery_id,
                                              delivery.attempt + 1, transaction.now_ms() + wait_ms)
                          : drop_delivery(transaction.tables(), delivery.delivery_id);
        if (!done) return done;
        if (failure.empty()) sent_.add();
        if (failure.empty() || again) continue;
        dropped_.add();
        context_.logger().log(telemetry::LogLevel::kWarn, "push endpoint failed too often: dropped",
                              {{"notification", std::string_view(delivery.notification_id)},
                               {"error", std::string_view(failure)}});
    }
    return {};
}

void PushSender::take_due() {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(taking_, true)) return;
    }
    const auto taken = std::make_shared<std::vector<Delivery>>();
    context_.transact(
        "take pushes", {},
        [taken](runtime::Transaction& transaction) -> Result<void> {
            const std::int64_t now = transaction.now_ms();
            auto due = take_deliveries(transaction.tables(), now, now + kLeaseMs, kAtOnce);
            if (!due) return std::move(due).error();
            *taken = std::move(*due);
            return {};
        },
        [this, taken](Result<void> outcome) {
            {
                const std::lock_guard lock(mutex_);
                taking_ = false;
            }
            if (!outcome) return;
            for (const Delivery& delivery : *taken) post(delivery);
        });
}

void PushSender::post(const Delivery& delivery) {
    // Shared, because the client's callback has to be copyable.
    auto span = std::make_shared<telemetry::Span>(
        context_.tracer().start({.name = "POST", .kind = telemetry::SpanKind::kClient}));
    span->set("http.request.method", "POST");
    span->set("http.request.resend_count", static_cast<std::int64_t>(delivery.attempt - 1));
    span->set("grocery.notification.id", std::string_view(delivery.notification_id));
    if (const auto import = telemetry::parse_traceparent(delivery.traceparent)) span->add_link(*import);
    fetch::FetchRequest request;
    request.method = "POST";
    request.url = delivery.endpoint;
    request.headers = {{"content-type", "application/json"}, {"x-notification-id", delivery.notification_id}};
    telemetry::inject(span->context(), request.headers);
    request.body = delivery.body;
    request.connect_timeout = kTimeout;
    request.total_timeout = kTimeout;
    request.max_response_bytes = kMaxAnswer;
    client_.send(std::move(request), [this, delivery, span](Result<fetch::FetchResponse> answer) {
        ended(delivery, *span, answer);
    });
}

void PushSender::ended(const Delivery& delivery, telemetry::Span& span,
                       const Result<fetch::FetchResponse>& answer) {
    std::string failure;
    if (!answer) {
        failure = answer.error().message;
        span.fail("connection", failure);
    } else {
        span.set("http.response.status_code", static_cast<std::int64_t>(answer->status));
        if (answer->status / 100 != 2) {
            failure = "answered " + std::to_string(answer->status);
            span.fail(std::to_string(answer->status), failure);
        }
    }
    span.end();
    const std::lock_guard lock(mutex_);
    attempts_.push_back({delivery, std::move(failure)});
}

}  // namespace loadgen::services::grocery::users
