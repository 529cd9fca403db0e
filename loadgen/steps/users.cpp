#include "loadgen/steps/users.hpp"

#include <algorithm>
#include <optional>

#include "loadgen/steps/flow/assign.hpp"
#include "loadgen/steps/flow/call.hpp"
#include "loadgen/steps/flow/condition.hpp"
#include "loadgen/steps/flow/loop.hpp"
#include "loadgen/steps/flow/parallel.hpp"
#include "loadgen/steps/flow/think.hpp"
#include "loadgen/steps/requests/request.hpp"
#include "loadgen/steps/streams/event_stream.hpp"
#include "loadgen/steps/streams/socket.hpp"

namespace loadgen::steps {
namespace {

// A strand that never waits lets the others have their turn after so many steps.
constexpr int kStepsPerTurn = 10'000;

}  // namespace

void fail(Strand& strand, std::string code, std::string detail) {
    User& user = *strand.user;
    if (user.failure) return;
    user.failure = std::make_unique<Failure>(Failure{std::move(code), std::move(detail), strand.pc});
}

Users::Users(const plan::ScenarioPlan& plan, const pacing::Load& load, Host& host, UserCounts& counts,
             scripting::Processor* processor)
    : stage_{.plan = plan, .host = host, .meter = Meter(plan), .thinking = {}}, load_(load), counts_(counts) {
    if (processor != nullptr) {
        calls_ = std::make_unique<Calls>(stage_, *processor, [this](Strand& strand) { resume(strand); });
        stage_.calls = calls_.get();
    }
    for (const plan::Journey& journey : plan.journeys) weights_ += journey.weight;
}

Users::~Users() {
    while (first_ != nullptr) {
        const std::unique_ptr<User> owned(first_);
        first_ = owned->next;
    }
}

void Users::begin(Instant start) {
    start_ = start;
    stage_.meter.start(start);
}

void Users::pretend(std::function<void(const plan::Journey&)> arrived) {
    stage_.pretending = true;
    arrived_ = std::move(arrived);
}

// -- Running

void Users::resume(Strand& strand) {
    strand.waiting = Waiting::kNothing;
    stage_.ready.push_back(&strand);
    if (!running_) run_ready();
}

void Users::run_ready() {
    running_ = true;
    for (std::size_t next = 0; next < stage_.ready.size(); ++next) {
        Strand* const strand = stage_.ready[next];
        if (strand == nullptr) continue;
        strand->waiting = Waiting::kNothing;
        run(*strand);
    }
    stage_.ready.clear();
    gone_.clear();
    running_ = false;
    wake();
}

void Users::run(Strand& strand) {
    User& user = *strand.user;
    for (int steps = 0;; ++steps) {
        if (user.failure || user.ending || stage_.stopping) return settle(user);
        if (steps == kStepsPerTurn) {
            strand.waiting = Waiting::kTime;
            stage_.thinking.push(stage_.host.now(), strand);
            return;
        }
        const Next next = step(strand);
        if (next == Next::kGoOn) continue;
        if (next == Next::kWait && strand.waiting == Waiting::kToken) tokenless_.push_back(&strand);
        return;
    }
}

/// The phase that has come deals out the due instant of what the strand is about to send.
bool Users::deals_requests(const Strand& strand) const {
    if (strand.has_token || strand.admitted) return false;
    const plan::ScenarioPhase* phase = phase_at(stage_.host.now());
    return phase != nullptr && phase->per_request;
}

Next Users::step(Strand& strand) {
    const plan::Program& program = stage_.plan.program;
    const plan::Instruction& at = program.code[strand.pc];
    switch (at.op) {
        case plan::Op::kRequest:
            return send_request(stage_, strand, program.requests[at.operand], at.operand,
                                deals_requests(strand));
        case plan::Op::kThink:
            return think(stage_, strand, program.thinks[at.operand]);
        case plan::Op::kLog:
            return log(stage_, strand, program.logs[at.operand]);
        case plan::Op::kCall:
            return call_step(stage_, strand, program.calls[at.operand].function);
        case plan::Op::kSet:
            return steps::set_variables(stage_, strand, program.sets[at.operand]);
        case plan::Op::kAssert:
            return check_assertion(stage_, strand, program.asserts[at.operand]);
        case plan::Op::kGuard:
            return guard(stage_, strand, program.guards[at.operand]);
        case plan::Op::kLoop:
            return enter_loop(stage_, strand, program.loops[at.operand]);
        case plan::Op::kNext:
            return next_round(stage_, strand);
        case plan::Op::kParallel:
            return run_branches(stage_, strand, program.parallels[at.operand]);
        case plan::Op::kBranchEnd:
            return end_branch(stage_, strand);
        case plan::Op::kPacing:
            strand.user->pacing = program.pacings[at.operand].interval;
            ++strand.pc;
            return Next::kGoOn;
        case plan::Op::kSocketConnect:
            return open_socket(stage_, strand, program.socket_connects[at.operand]);
        case plan::Op::kSocketSend:
            return exchange_message(stage_, strand, program.socket_sends[at.operand], deals_requests(strand));
        case plan::Op::kEventStream:
            return open_events(stage_, strand, program.event_streams[at.operand], deals_requests(strand),
                               tools_);
        case plan::Op::kEnd:
            strand.user->ending = true;
            return Next::kGoOn;
    }
    return Next::kEnded;
}

Next Users::take(Strand& strand, const Answer& answer) {
    const plan::Program& program = stage_.plan.program;
    const plan::Instruction& at = program.code[strand.pc];
    switch (at.op) {
        case plan::Op::kSocketConnect:
            return take_handshake(stage_, strand, answer);
        case plan::Op::kSocketSend:
            return take_message(stage_, strand, program.socket_sends[at.operand], answer, tools_);
        case plan::Op::kEventStream:
            return take_events_end(stage_, strand, program.event_streams[at.operand], answer, tools_);
        default:
            return take_answer(stage_, strand, program.requests[at.operand], at.operand, answer, tools_);
    }
}

Intake Users::on_events(Strand& strand, std::uint16_t status, const http::Headers& headers,
                        std::string_view bytes, std::string& fault) {
    if (!strand.events || !EventIntake::is_event_stream(status, headers)) return Intake::kMore;
    const Intake intake = strand.events->feed(bytes);
    if (intake == Intake::kBroken) fault = strand.events->fault();
    return intake;
}

bool Users::on_answer(Strand& strand, const Answer& answer) {
    strand.waiting = Waiting::kNothing;
    const plan::Op op = instruction(stage_, strand).op;
    stage_.answer_failed = !answer.answered();
    // Whatever the answer leads to waits until it has been taken.
    const bool was_running = std::exchange(running_, true);
    const Next next = take(strand, answer);
    const bool failed = stage_.answer_failed;
    if (failed && (op == plan::Op::kRequest || op == plan::Op::kEventStream)) {
        stage_.meter.exchange_failed(answer.done);
    }
    running_ = was_running;
    if (next == Next::kGoOn) stage_.ready.push_back(&strand);
    if (!running_) run_ready();
    return !failed;
}

void Users::on_due() {
    const Instant now = stage_.host.now();
    const plan::ScenarioPhase* phase = tokenless_.empty() ? nullptr : phase_at(now);
    if (!tokenless_.empty() && (phase == nullptr || !phase->per_request)) release_waiting();
    while (Strand* strand = stage_.thinking.pop_due(now)) {
        strand->waiting = Waiting::kNothing;
        stage_.ready.push_back(strand);
    }
    if (!running_) run_ready();
}

void Users::wake() {
    std::optional<Instant> next = stage_.thinking.next();
    if (!tokenless_.empty()) next = std::min(next.value_or(Instant::max()), end_of_dealing());
    if (next && *next != Instant::max()) stage_.host.wake_at(*next);
}

/// When who waits for a due instant gets none any more: an instant on the end of a phase belongs to it. The
/// last instant there is when that phase is endless.
Instant Users::end_of_dealing() const {
    const Instant now = stage_.host.now();
    const plan::ScenarioPhase* phase = phase_at(now);
    if (phase == nullptr || !phase->per_request) return now;
    const pacing::PhaseInfo& info = *load_.phase_at(now - start_);
    return info.end ? start_ + *info.end + Nanos(1) : Instant::max();
}

// -- Cookies

void Users::on_cookie(Strand& strand, const http::Url& url, std::string_view value) {
    User& user = *strand.user;
    if (!user.cookies) user.cookies = std::make_unique<http::CookieJar>();
    user.cookies->store(url, value, stage_.host.wall_now());
}

std::string Users::cookies_for(Strand& strand, const http::Url& url) const {
    std::string field;
    if (strand.user->cookies) strand.user->cookies->append_cookie_header(field, url, stage_.host.wall_now());
    return field;
}

// -- The end

namespace {

/// Who waits for nothing but time or a turn can leave at once.
bool may_leave(const Strand& strand) {
    return strand.waiting != Waiting::kAnswer && strand.waiting != Waiting::kProcessor;
}

}  // namespace

/// Ends a user that has failed, is through, or has to go, as soon as nothing of it is under way.
void Users::settle(User& user) {
    const auto& strands = user.strands;
    const bool free =
        may_leave(user.main) &&
        std::all_of(strands.begin(), strands.end(), [](const auto& strand) { return may_leave(*strand); });
    if (!free) return;
    const std::vector<plan::FunctionIndex>& hooks = user.journey->on_error;
    if (user.failure && user.on_error_hook < hooks.size() && stage_.calls != nullptr && !stage_.stopping) {
        call_on_error(stage_, user.main, hooks[user.on_error_hook++]);
        return;
    }
    end(user);
}

void Users::tell_failure(const User& user) {
    const std::string& code = user.failure->code;
    if (stage_.pretending || known_failures_.size() == FirstFailures::kMost) return;
    if (std::find(known_failures_.begin(), known_failures_.end(), code) != known_failures_.end()) return;
    known_failures_.push_back(code);
    if (counts_.first_failures.add(code)) stage_.host.say(describe_failure(stage_.plan, user));
}

void Users::end(User& user) {
    const Instant now = stage_.host.now();
    if (user.failure) {
        tell_failure(user);
        stage_.meter.error(user.failure->code, now);
        stage_.meter.user_failed(now);
        counts_.failed.fetch_add(1, std::memory_order_relaxed);
    } else if (user.ending) {
        const bool warm_up = load_.schedule && load_.warm_up_at(user.arrival - start_);
        stage_.meter.user_completed(std::max(user.main.due, user.arrival) - user.arrival, warm_up, now);
        counts_.completed.fetch_add(1, std::memory_order_relaxed);
        if (stage_.plan.keeps_values) last_values_ = user.values;
    } else if (stage_.stopping) {
        stage_.meter.user_interrupted(now);
    }
    if (stage_.calls != nullptr) stage_.calls->forget(user);
    const auto drop = [this](Strand& strand) {
        if (strand.waiting == Waiting::kTime) stage_.thinking.remove(strand);
        if (strand.waiting == Waiting::kToken) std::erase(tokenless_, &strand);
        std::replace(stage_.ready.begin(), stage_.ready.end(), &strand, static_cast<Strand*>(nullptr));
    };
    drop(user.main);
    for (const auto& strand : user.strands) drop(*strand);
    stage_.host.release(user);
    if (user.previous != nullptr) user.previous->next = user.next;
    if (user.next != nullptr) user.next->previous = user.previous;
    if (first_ == &user) first_ = user.next;
    --active_;
    counts_.active.fetch_sub(1, std::memory_order_relaxed);
    gone_.emplace_back(&user);
    if (!running_) gone_.clear();
}

void Users::stop() {
    stage_.stopping = true;
    for (User* user = first_; user != nullptr;) {
        User* const following = user->next;
        settle(*user);
        user = following;
    }
}

}  // namespace loadgen::steps
