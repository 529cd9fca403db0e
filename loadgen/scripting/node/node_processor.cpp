#include "loadgen/scripting/node/node_processor.hpp"

#include <algorithm>
#include <utility>

#include "common/base/duration_text.hpp"
#include "loadgen/scripting/node/detail/node_processor_impl.hpp"

namespace loadgen::scripting {
namespace {

// A host that has kept quiet for so long after it was asked for a sign of life is stuck in a function.
// Starved of processor time it may take a while.
constexpr Nanos kLifeTime{3'000'000'000};
// A child that has lived this long has earned a new series of restarts.
constexpr Nanos kGoodWhile{30'000'000'000};
constexpr Nanos kLongestPause{10'000'000'000};

// What is counted under errors.*
constexpr std::string_view kTimeout = "processor_timeout";
constexpr std::string_view kCrashed = "processor_crashed";
constexpr std::string_view kUnavailable = "processor_unavailable";
constexpr std::string_view kOverloaded = "processor_overloaded";
constexpr std::string_view kTooLong = "processor_message_too_long";

std::string names_of(const std::vector<std::string>& functions) {
    constexpr std::size_t kMost = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(functions.size(), kMost); ++i) {
        text += (i == 0 ? " for \"" : ", \"") + functions[i] + '"';
    }
    if (functions.size() > kMost) text += " and " + std::to_string(functions.size() - kMost) + " more";
    return text;
}

}  // namespace

NodeProcessor::NodeProcessor(io::Loop& loop, ProcessorOptions options, Started started)
    : loop_(loop),
      options_(std::move(options)),
      started_(std::move(started)),
      flush_alarm_(loop, [this] { flush(); }),
      alarm_(loop, [this] { on_alarm(); }) {
    loop_.refresh();
    start_child();
    set_alarm();
}

NodeProcessor::~NodeProcessor() {
    if (child_ != nullptr && state_ == State::kReady) child_->part();
}

void NodeProcessor::start_child() {
    Result<std::unique_ptr<NodeChild>> child = NodeChild::start(loop_, options_, *this);
    if (!child) {
        return give_up(options_.script + " needs Node 18 or later" + names_of(options_.functions) + ": " +
                       child.error().message);
    }
    child_ = std::move(*child);
    state_ = State::kStarting;
    state_deadline_ = loop_.now() + options_.start_timeout;
}

void NodeProcessor::call(const ProcessorCall& call) {
    ++statistics_.calls;
    if (state_ == State::kOver) return refuse(call, kUnavailable, problem_);
    const std::size_t unsent = outgoing_.size() + (child_ != nullptr ? child_->unsent_bytes() : 0);
    if (calls_.size() >= options_.max_waiting_calls || unsent > options_.max_waiting_bytes) {
        ++statistics_.refused;
        return refuse(call, kOverloaded,
                      std::to_string(calls_.size()) + " calls with " + std::to_string(unsent) +
                          " bytes wait for the processor already");
    }
    const bool fits = outgoing_.add(options_.max_frame_bytes,
                                    [&](std::string& out) { append_call(out, calls_.next_id(), call); });
    if (!fits) {
        return refuse(call, kTooLong,
                      "variables, request and response have more than " +
                          std::to_string(options_.max_frame_bytes) + " bytes");
    }
    calls_.add({.token = call.token,
                .function = call.function,
                .since = loop_.now(),
                .deadline = loop_.now() + options_.call_timeout});
    // Due at once, and yet at the end of this turn: the calls of a turn travel together.
    flush_alarm_.set(loop_.now());
    if (!alarm_.armed()) set_alarm();
}

void NodeProcessor::end_user(std::uint64_t user) {
    if (state_ == State::kOver) return;
    outgoing_.add(options_.max_frame_bytes, [&](std::string& out) { append_end_user(out, user); });
    flush_alarm_.set(loop_.now());
}

void NodeProcessor::flush() {
    if (state_ == State::kReady && outgoing_.size() > 0) {
        child_->send(outgoing_.frames());
        outgoing_.clear();
        loop_.stay_awake();  // nobody stamps replies with their arrival
    }
    deliver_failures();
}

void NodeProcessor::refuse(const ProcessorCall& call, std::string_view error, const std::string& why) {
    failures_.push_back({call.token, loop_.now(), std::string(error), name_of(call.function) + ": " + why});
    flush_alarm_.set(loop_.now());
}

void NodeProcessor::fail(const WaitingCalls::Call& call, std::string_view error, const std::string& why) {
    failures_.push_back({call.token, call.since, std::string(error), name_of(call.function) + ": " + why});
}

void NodeProcessor::deliver_failures() {
    std::vector<Failure> failures;
    failures.swap(failures_);
    for (Failure& failure : failures) {
        ProcessorReply reply;
        reply.token = failure.token;
        reply.error = std::move(failure.error);
        reply.detail = std::move(failure.detail);
        deliver(std::move(reply), failure.since);
    }
}

void NodeProcessor::deliver(ProcessorReply&& reply, Instant since) {
    reply.took = std::max(Nanos(0), loop_.now() - since);
    statistics_.waited += reply.took;
    if (!reply.ok) ++statistics_.failed;
    if (replies_ != nullptr) replies_->on_reply(std::move(reply));
}

std::string NodeProcessor::name_of(std::uint32_t function) const {
    return function < options_.functions.size() ? options_.functions[function] : options_.script;
}

void NodeProcessor::on_call_done(std::uint64_t id, ProcessorReply&& reply) {
    const std::optional<WaitingCalls::Call> call = calls_.take(id);
    if (!call) return;  // it came after its deadline
    reply.token = call->token;
    deliver(std::move(reply), call->since);
}

void NodeProcessor::on_host_metric(const EmittedMetric& metric) {
    if (replies_ != nullptr) replies_->on_metric(metric);
}

void NodeProcessor::on_ready(std::vector<ExportedFunction> functions) {
    state_ = State::kReady;
    has_started_once_ = true;
    ready_since_ = loop_.now();
    calls_.set_deadlines(loop_.now() + options_.call_timeout);
    flush_alarm_.set(loop_.now());
    set_alarm();
    if (started_) std::exchange(started_, {})(std::move(functions));
}

void NodeProcessor::on_cannot_start(std::string problem) {
    problem_ = std::move(problem);  // the host ends now, which is what counts
}

void NodeProcessor::on_lost(std::string why) {
    if (!problem_.empty()) why = problem_;
    child_.reset();
    life_deadline_.reset();
    outgoing_.clear();
    ++generation_;
    if (!has_started_once_) {
        give_up(why);
    } else {
        for (const WaitingCalls::Call& call : calls_.take_all()) fail(call, kCrashed, why);
        pause_before_restart(why);
    }
    set_alarm();
    flush_alarm_.set(loop_.now());
}

void NodeProcessor::give_up(std::string why) {
    state_ = State::kOver;
    problem_ = std::move(why);
    outgoing_.clear();
    for (const WaitingCalls::Call& call : calls_.take_all()) fail(call, kUnavailable, problem_);
    flush_alarm_.set(loop_.now());
    if (started_) std::exchange(started_, {})(Error{ErrorCode::kUsage, problem_});
}

void NodeProcessor::pause_before_restart(const std::string& why) {
    if (state_ == State::kReady && loop_.now() - ready_since_ >= kGoodWhile) restarts_in_row_ = 0;
    problem_.clear();
    if (restarts_in_row_ == options_.max_restarts) {
        return give_up("Node ended too often; the last time: " + why);
    }
    const std::uint32_t doublings = std::min(restarts_in_row_++, std::uint32_t{16});
    ++statistics_.restarts;
    state_ = State::kPaused;
    state_deadline_ =
        loop_.now() + std::min(options_.restart_pause * (std::int64_t{1} << doublings), kLongestPause);
}

void NodeProcessor::set_alarm() {
    if (state_ == State::kOver) return alarm_.cancel();
    if (state_ != State::kReady) return alarm_.set(state_deadline_);
    Instant next = life_deadline_.value_or(Instant::max());
    if (const std::optional<Instant> deadline = calls_.next_deadline()) next = std::min(next, *deadline);
    if (next == Instant::max()) {
        alarm_.cancel();
    } else {
        alarm_.set(next);
    }
}

void NodeProcessor::on_alarm() {
    switch (state_) {
        case State::kStarting:
            if (loop_.now() >= state_deadline_) {
                on_lost(options_.script + " was not loaded within " +
                        format_duration(options_.start_timeout));
            }
            break;
        case State::kPaused:
            if (loop_.now() >= state_deadline_) start_child();
            break;
        case State::kReady:
            look_for_life();
            break;
        case State::kOver:
            break;
    }
    set_alarm();
    deliver_failures();
}

void NodeProcessor::look_for_life() {
    if (life_deadline_ && loop_.now() >= *life_deadline_) {
        return on_lost("Node did not answer any more (a function that never ends?) and was killed");
    }
    expire_calls();
}

void NodeProcessor::expire_calls() {
    bool any = false;
    while (const std::optional<WaitingCalls::Call> call = calls_.take_expired(loop_.now())) {
        ++statistics_.expired;
        fail(*call, kTimeout, "no answer within " + format_duration(options_.call_timeout));
        any = true;
    }
    if (!any || life_deadline_) return;
    // Is it one function that takes its time, or is the whole process stuck?
    outgoing_.add(options_.max_frame_bytes, [](std::string& out) { append_ping(out); });
    flush_alarm_.set(loop_.now());
    life_deadline_ = loop_.now() + kLifeTime;
}

Result<std::vector<ExportedFunction>> list_exports(const ProcessorOptions& options) {
    io::Loop loop;
    if (!loop.usable()) return Error{ErrorCode::kIo, "no file descriptors left for an event loop"};
    Result<std::vector<ExportedFunction>> exports = std::vector<ExportedFunction>();
    const NodeProcessor processor(loop, options, [&](Result<std::vector<ExportedFunction>> outcome) {
        exports = std::move(outcome);
        loop.stop();
    });
    loop.run();
    return exports;
}

std::unique_ptr<Processor> make_node_processor(io::Loop& loop, ProcessorOptions options) {
    return std::make_unique<NodeProcessor>(loop, std::move(options));
}

}  // namespace loadgen::scripting
