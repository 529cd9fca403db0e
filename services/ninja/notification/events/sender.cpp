#include "services/ninja/notification/events/sender.hpp"

namespace loadgen::services::ninja::notification {
namespace {

constexpr std::size_t kTakenAtOnce = 100;

telemetry::Counter& counter(runtime::ServiceContext& context, const Channel& channel, std::string_view name) {
    return context.meter().counter(name, "{notification}", {{"channel", std::string(channel.name())}});
}

}  // namespace

Sender::Sender(runtime::ServiceContext& context, std::unique_ptr<Channel> channel)
    : context_(context),
      sent_(counter(context, *channel, "ninja.notifications.sent")),
      failed_(counter(context, *channel, "ninja.notifications.failed")),
      dropped_(counter(context, *channel, "ninja.notifications.dropped")),
      channel_(std::move(channel)) {}

void Sender::run() {
    settle();
    if (!taking_.load() && anything_due()) take_due();
}

void Sender::settle() {
    auto ended = std::make_shared<std::vector<Ended>>();
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        ended->swap(ended_);
    }
    if (ended->empty()) return;
    context_.store().write(
        [ended, now = now_ms()](store::Statements& tables) { return write_ended(tables, *ended, now); },
        [](Result<void> /*the leases end by themselves: sent again*/) {});
}

bool Sender::anything_due() {
    if (!reader_) {
        auto opened = context_.store().open_reader();
        if (!opened) return false;  // tried again with the next run
        reader_ = std::move(*opened);
    }
    const auto due = has_due(*reader_, now_ms());
    return due && *due;
}

void Sender::take_due() {
    taking_ = true;
    auto attempts = std::make_shared<std::vector<Attempt>>();
    context_.store().write(
        [attempts, now = now_ms()](store::Statements& tables) -> Result<void> {
            auto taken = lease_due(tables, now, std::int64_t{kTakenAtOnce});
            if (!taken) return std::move(taken).error();
            *attempts = std::move(*taken);
            return {};
        },
        [this, attempts](const Result<void>& outcome) {
            taking_ = false;
            if (outcome) context_.after(Nanos{0}, [this, attempts] { send_all(*attempts); });
        });
}

void Sender::send_all(const std::vector<Attempt>& attempts) {
    for (const Attempt& attempt : attempts) send(attempt);
    if (attempts.size() == kTakenAtOnce) run();  // there may be more
}

void Sender::send(const Attempt& attempt) {
    channel_->send(attempt.notification,
                   [this, attempt](const Result<void>& outcome) { ended(attempt, outcome); });
}

void Sender::ended(const Attempt& attempt, const Result<void>& outcome) {
    (outcome ? sent_ : failed_).add();
    const bool last = attempt.number >= kMaxAttempts;
    if (!outcome) {
        if (last) dropped_.add();
        context_.logger().log(telemetry::LogLevel::kWarn,
                              last ? "notification dropped" : "notification failed",
                              {{"id", std::string_view(attempt.notification.id)},
                               {"attempt", std::int64_t{attempt.number}},
                               {"error", std::string_view(outcome.error().message)}});
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_.push_back({.id = attempt.notification.id, .number = attempt.number, .sent = outcome.has_value()});
}

}  // namespace loadgen::services::ninja::notification
