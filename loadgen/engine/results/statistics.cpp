#include "loadgen/engine/results/statistics.hpp"

#include <algorithm>

#include "common/http/header.hpp"
#include "loadgen/engine/exchanges/compiled_request.hpp"
#include "loadgen/plan/scenario_plan.hpp"

namespace loadgen::engine {
namespace {

// A good status whose answer fails what its step says.
constexpr const char* kNotAsWanted = "answers that are not what the script expects";

}  // namespace

void LatencyFigures::merge(const LatencyFigures& other) {
    response.merge(other.response);
    service.merge(other.service);
    send_delay.merge(other.send_delay);
}

void EndpointStatistics::merge(const EndpointStatistics& other) {
    succeeded.merge(other.succeeded);
    failed.merge(other.failed);
    for (std::size_t cause = 0; cause < kCauseCount; ++cause) causes[cause] += other.causes[cause];
    for (const auto& [status, count] : other.statuses) statuses[status] += count;
    bytes_in += other.bytes_in;
    bytes_out += other.bytes_out;
}

void GroupStatistics::merge(const GroupStatistics& other) {
    figures.merge(other.figures);
    count += other.count;
    failed += other.failed;
}

void ConnectionStatistics::merge(const ConnectionStatistics& other) {
    opened += other.opened;
    failed += other.failed;
    closed += other.closed;
    exchanges_each.merge(other.exchanges_each);
    dns.merge(other.dns);
    connect.merge(other.connect);
    tls.merge(other.tls);
}

void Statistics::record(const Exchange& exchange, Instant start, Instant done) {
    EndpointStatistics& entry = endpoint(exchange.request->endpoint());
    const bool success = exchange.succeeded();
    const Nanos response = done - exchange.due;
    LatencyFigures& figures = success ? entry.succeeded : entry.failed;
    figures.response.record(response);
    figures.service.record(done - exchange.sent);
    figures.send_delay.record(exchange.sent - exchange.due);
    ++entry.causes[static_cast<std::size_t>(exchange.cause)];
    ++entry.statuses[exchange.status];
    entry.bytes_in += exchange.bytes_in;
    entry.bytes_out += exchange.bytes_out;
    latencies_.record(exchange.due - start, response);
    if (slowest_.admits(response) && !plan::is_wait(exchange.kind)) keep_slow(exchange, start, done);
    counters_.add(done - start, {.completed = 1,
                                 .failed = success ? 0U : 1U,
                                 .bytes_in = exchange.bytes_in,
                                 .bytes_out = exchange.bytes_out});
    if (exchange.has_first_byte) {
        if (exchange.first_byte > exchange.written) wait_.record(exchange.first_byte - exchange.written);
        if (done > exchange.first_byte) body_.record(done - exchange.first_byte);
    }
    ++count_;
    first_due_ = std::min(first_due_, exchange.due);
    last_due_ = std::max(last_due_, exchange.due);
    last_done_ = std::max(last_done_, done);
    if (success) return;
    ++failed_;
    error_text_.clear();
    append_error_text(error_text_, exchange);
    if (error_text_.empty()) error_text_ = kNotAsWanted;
    record_error(error_text_, 1);
}

void Statistics::keep_slow(const Exchange& exchange, Instant start, Instant done) {
    SlowExchange slow;
    slow.due = exchange.due - start;
    slow.response = done - exchange.due;
    slow.service = done - exchange.sent;
    slow.send_delay = exchange.sent - exchange.due;
    slow.sequence = exchange.sequence;
    slow.endpoint = exchange.request->endpoint();
    if (exchange.journey != nullptr) slow.scenario = exchange.journey->number;
    slow.status = exchange.status;
    slow.cause = exchange.cause;
    slow.trace = exchange.trace;
    slowest_.add(slow.response, slow);
}

void Statistics::record_group(std::uint32_t group, const Exchange& exchange, Instant done) {
    if (group >= groups_.size()) groups_.resize(group + 1);
    if (!groups_[group]) groups_[group] = std::make_unique<GroupStatistics>();
    GroupStatistics& entry = *groups_[group];
    entry.figures.response.record(done - exchange.due);
    entry.figures.service.record(done - exchange.sent);
    entry.figures.send_delay.record(exchange.sent - exchange.due);
    ++entry.count;
    if (!exchange.succeeded()) ++entry.failed;
}

EndpointStatistics& Statistics::endpoint(std::uint32_t index) {
    if (index >= endpoints_.size()) endpoints_.resize(index + 1);
    if (!endpoints_[index]) endpoints_[index] = std::make_unique<EndpointStatistics>();
    return *endpoints_[index];
}

void Statistics::record_error(const std::string& text, std::uint64_t times) {
    const auto found = error_index_.find(text);
    if (found != error_index_.end()) {
        errors_[found->second].second += times;
    } else if (errors_.size() < kMaxErrors) {
        error_index_.emplace(text, errors_.size());
        errors_.emplace_back(text, times);
    } else {
        other_errors_ += times;
    }
}

void Statistics::merge(const Statistics& other) {
    connections.merge(other.connections);
    for (std::uint32_t index = 0; index < other.endpoints_.size(); ++index) {
        if (other.endpoints_[index]) endpoint(index).merge(*other.endpoints_[index]);
    }
    if (groups_.size() < other.groups_.size()) groups_.resize(other.groups_.size());
    for (std::size_t index = 0; index < other.groups_.size(); ++index) {
        if (!other.groups_[index]) continue;
        if (!groups_[index]) groups_[index] = std::make_unique<GroupStatistics>();
        groups_[index]->merge(*other.groups_[index]);
    }
    timer_lag_.merge(other.timer_lag_);
    counters_.merge(other.counters_);
    latencies_.merge(other.latencies_);
    slowest_.merge(other.slowest_);
    for (const auto& [text, count] : other.errors_) record_error(text, count);
    wait_.merge(other.wait_);
    body_.merge(other.body_);
    other_errors_ += other.other_errors_;
    warm_up_ += other.warm_up_;
    warm_up_answered_ += other.warm_up_answered_;
    count_ += other.count_;
    failed_ += other.failed_;
    first_due_ = std::min(first_due_, other.first_due_);
    last_due_ = std::max(last_due_, other.last_due_);
    last_done_ = std::max(last_done_, other.last_done_);
}

void append_error_text(std::string& out, const Exchange& exchange) {
    switch (exchange.cause) {
        case Cause::kOk:
            return;
        case Cause::kHttp4xx:
        case Cause::kHttp5xx:
        case Cause::kThrottled:
            out.append(std::to_string(exchange.status));
            if (const auto reason = http::reason_phrase(exchange.status); !reason.empty()) {
                out.append(" ").append(reason);
            }
            return;
        default:
            out.append(cause_name(exchange.cause));
            if (!exchange.error.empty()) out.append(": ").append(exchange.error);
    }
}

}  // namespace loadgen::engine
