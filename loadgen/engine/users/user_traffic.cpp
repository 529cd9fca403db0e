#include "loadgen/engine/users/user_traffic.hpp"

#include <algorithm>

#include "common/base/live_line.hpp"

namespace loadgen::engine {
namespace {

constexpr std::size_t kStatusClasses = 6;  // 0xx: no complete response

/// Of the step at `pc`, which has sent something.
const std::vector<std::uint32_t>& tags_of(const plan::Program& program, std::uint32_t pc) {
    static const std::vector<std::uint32_t> kNone;
    const plan::Instruction& at = program.code[pc];
    switch (at.op) {
        case plan::Op::kRequest:
            return program.requests[at.operand].tags;
        case plan::Op::kEventStream:
            return program.event_streams[at.operand].request.tags;
        case plan::Op::kSocketConnect:
            return program.socket_connects[at.operand].tags;
        case plan::Op::kSocketSend:
            return program.socket_sends[at.operand].tags;
        default:
            return kNone;
    }
}

}  // namespace

UserTraffic::UserTraffic(SharedRun& run, io::Loop& loop, UserRequests& requests, Statistics& statistics,
                         std::unique_ptr<scripting::Processor> processor)
    : run_(run),
      loop_(loop),
      requests_(requests),
      statistics_(statistics),
      compiled_(run),
      timer_(loop, *this),
      processor_(std::move(processor)),
      users_(*run.plan.scenario, run.plan.load, *this, run.users, processor_.get()) {
    const plan::ScenarioPlan& scenario = *run.plan.scenario;
    for (const plan::Journey& journey : scenario.journeys) {
        journey_groups_.push_back(run.groups.intern("scenario:" + journey.name));
    }
    for (const pacing::PhaseInfo& phase : run.plan.load.phases) {
        phase_groups_.push_back(run.groups.intern("phase:" + phase.label));
    }
    for (const std::string& tag : scenario.tags) tag_groups_.push_back(run.groups.intern("tag:" + tag));
    for (std::size_t digit = 0; digit < kStatusClasses; ++digit) {
        class_groups_.push_back(
            run.groups.intern(digit == 0 ? "status:none" : "status:" + std::to_string(digit) + "xx"));
    }
}

UserTraffic::~UserTraffic() = default;

WallTime UserTraffic::wall_now() const {
    return {run_.start_wall.unix_ns + (loop_.now() - run_.start).count()};
}

// -- Connections

UserPools& UserTraffic::pools_of(steps::User& user) {
    if (!user.belongings) {
        auto pools = std::make_unique<UserPools>();
        owners_.insert(pools.get());
        user.belongings = std::move(pools);
    }
    return static_cast<UserPools&>(*user.belongings);
}

Pool& UserTraffic::socket_of(steps::Strand& strand, std::uint32_t authority) {
    UserPools& pools = pools_of(*strand.user);
    if (Pool* known = pools.socket()) return *known;
    return pools.set_socket(requests_.make_socket_pool(authority));
}

Pool* UserTraffic::pool_of(steps::Strand& strand, std::uint32_t authority) {
    const plan::HttpSettings& http = run_.plan.scenario->http;
    if (http.pool != 0) return nullptr;
    UserPools& pools = pools_of(*strand.user);
    if (Pool* known = pools.find(authority)) return known;
    return &pools.add(authority, requests_.make_pool(authority, http.sockets_per_user));
}

void UserTraffic::for_each_pool(const std::function<void(Pool&)>& use) {
    const std::vector<UserPools*> owners(owners_.begin(), owners_.end());
    // What is used may end the user, whose pools then stay until the next sweep.
    for (UserPools* owner : owners) owner->for_each(use);
    leaving_.for_each(use);
}

void UserTraffic::release(steps::User& user) {
    if (!user.belongings) return;
    owners_.erase(static_cast<UserPools*>(user.belongings.get()));
    leaving_.add(std::move(user.belongings), loop_.now());
}

void UserTraffic::sweep() {
    leaving_.sweep(loop_.now());
}

// -- Requests and answers

void UserTraffic::send(steps::Strand& strand, steps::Outgoing outgoing) {
    requests_.send(compiled_.compile(outgoing), strand, outgoing);
}

void UserTraffic::deliver(Exchange& exchange, Instant done, bool warm_up) {
    const Headings headings = headings_of(exchange);
    steps::Strand& strand = *std::exchange(exchange.strand, nullptr);
    steps::Answer answer;
    answer.cause = exchange.cause;
    answer.warm_up = warm_up;
    answer.status = exchange.status;
    answer.due = exchange.due;
    answer.sent = exchange.sent;
    answer.first_byte = exchange.has_first_byte ? exchange.first_byte : done;
    answer.done = done;
    answer.dns = exchange.dns;
    answer.connect = exchange.connect;
    answer.tls = exchange.tls;
    answer.bytes_in = exchange.bytes_in;
    answer.error = exchange.error;
    answer.code = exchange.code;
    static const http::Headers kNone;
    answer.headers = exchange.captured ? &exchange.captured->headers() : &kNone;
    if (exchange.captured) answer.body = exchange.captured->body;
    if (exchange.keep_headers) answer.url = exchange.request->source().url_text;
    exchange.as_wanted = users_.on_answer(strand, answer);
    if (!warm_up) record_groups(headings, exchange, done);
}

/// Before the answer is taken: then the user stands elsewhere, or is gone.
UserTraffic::Headings UserTraffic::headings_of(const Exchange& exchange) const {
    const steps::Strand& strand = *exchange.strand;
    Headings headings{.journey = strand.user->journey->number,
                      .phase = std::nullopt,
                      .tags = &tags_of(run_.plan.scenario->program, strand.pc)};
    const pacing::Load& load = run_.plan.load;
    if (load.schedule) headings.phase = load.phase_index_at(strand.user->arrival - run_.start);
    return headings;
}

void UserTraffic::record_groups(const Headings& headings, const Exchange& exchange, Instant done) {
    const auto record = [&](const std::vector<std::uint32_t>& groups, std::size_t index) {
        if (index < groups.size()) statistics_.record_group(groups[index], exchange, done);
    };
    record(journey_groups_, headings.journey);
    record(class_groups_, std::min<std::size_t>(exchange.status / 100U, kStatusClasses - 1));
    if (headings.phase) record(phase_groups_, *headings.phase);
    for (const std::uint32_t tag : *headings.tags) record(tag_groups_, tag);
}

void UserTraffic::on_cookie(const Exchange& exchange, std::string_view value) {
    users_.on_cookie(*exchange.strand, exchange.request->source().url, value);
}

void UserTraffic::renew_cookies(steps::Strand& strand, plan::Request& request) {
    std::erase_if(request.headers,
                  [](const http::Header& header) { return http::equal_name(header.name, "cookie"); });
    std::string field = users_.cookies_for(strand, request.url);
    if (!field.empty()) request.headers.push_back({"cookie", std::move(field)});
}

// -- Time and words

void UserTraffic::wake_at(Instant when) {
    timer_.set(std::max(when, earliest_wake_));
}

void UserTraffic::on_timer() {
    earliest_wake_ = loop_.now() + run_.plan.wake_interval;
    users_.on_due();
}

void UserTraffic::say(std::string_view line) {
    LiveLine::of_stderr().say(line);
}

}  // namespace loadgen::engine
