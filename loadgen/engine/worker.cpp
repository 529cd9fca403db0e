// The worker's thread: its loop, its tick, its beginning and end. What happens to exchanges is in
// worker_exchanges.cpp.
#include "loadgen/engine/worker.hpp"

#include <algorithm>
#include <ctime>

namespace loadgen::engine {
namespace {

constexpr Nanos kTickInterval{10'000'000};
constexpr Nanos kPublishInterval{1'000'000'000};
// Made before the run; more are made, and kept, when more are in flight than ever before.
constexpr int kReadyExchanges = 256;
constexpr std::size_t kScratchBytes = 96 * 1024;            // a session's 64 KiB and what framing and TLS add
constexpr Nanos kLatestExpiry = 2 * io::TimerWheel::kTick;  // of a deadline behind its instant

Nanos thread_cpu() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + Nanos(used.tv_nsec);
}

}  // namespace

io::TlsClientOptions tls_options(const plan::ConnectionPolicy& policy) {
    io::TlsClientOptions options{.verify = policy.tls.verify,
                                 .ca_files = policy.tls.ca_files,
                                 .certificate_file = policy.tls.certificate_file,
                                 .key_file = policy.tls.key_file,
                                 .resume_sessions = policy.tls.resume_sessions,
                                 .alpn = {}};
    if (policy.protocol != plan::Protocol::kHttp1) options.alpn.emplace_back("h2");
    if (policy.protocol != plan::Protocol::kHttp2Cleartext) options.alpn.emplace_back("http/1.1");
    return options;
}

Worker::Worker(SharedRun& run, unsigned index, const ProcessorFactory& processors)
    : run_(run),
      processors_(processors),
      index_(index),
      share_{index, run.workers},
      tick_(loop_, *this),
      deadlines_(loop_.now()),
      dial_deadlines_(loop_.now()),
      live_(*run.live[index]) {}

Worker::~Worker() {
    join();
}

Result<void> Worker::prepare() {
    const plan::RunPlan& plan = run_.plan;
    if (!loop_.usable()) {
        return Error{ErrorCode::kIo,
                     "no file descriptors left for the threads' event loops; raise `ulimit -n`"};
    }
    auto dialer = Dialer::create(loop_, plan.connections);
    if (!dialer) return std::move(dialer).error();
    dialer_ = std::move(*dialer);
    const SessionOptions session{.streams = plan.connections.streams};
    context_.reset(new ConnectionContext{loop_, *dialer_, plan.connections, *this, session, dial_deadlines_});
    context_->outgoing.reserve(kScratchBytes);
    context_->plaintext.reserve(kScratchBytes);
    context_->next_id = index_ + 1;
    context_->id_step = 2 * share_.workers;
    socket_policy_ = plan.connections;
    socket_policy_.protocol = plan::Protocol::kHttp1;
    socket_policy_.requests_per_connection = 0;
    socket_context_.reset(
        new ConnectionContext{loop_, *dialer_, socket_policy_, *this, {.websocket = true}, dial_deadlines_});
    socket_context_->next_id = context_->next_id + share_.workers;
    socket_context_->id_step = context_->id_step;
    arrivals_ = plan.closed_loop ? make_closed_arrivals(plan, share_, loop_, *this)
                                 : make_open_arrivals(plan, share_, loop_, *this);
    if (plan.scenario) {
        UserRequests& requests = *this;
        traffic_ = std::make_unique<UserTraffic>(run_, loop_, requests, statistics_,
                                                 processors_ ? processors_(loop_) : nullptr);
    }
    to_sweep_.reserve(kReadyExchanges);
    for (int made = 0; made < kReadyExchanges; ++made) free_.push(exchanges_.emplace_back());
    return {};
}

// -- The thread

void Worker::start() {
    thread_ = std::thread([this] { run(); });
}

void Worker::join() {
    if (thread_.joinable()) thread_.join();
}

void Worker::stop_arrivals() {
    loop_.post([this] {
        arrivals_->stop(loop_.now());
        if (traffic_) traffic_->users().stop();
        for_each_pool([this](Pool& pool) {
            ExchangeQueue unsent = pool.take_unsent();
            while (Exchange* exchange = unsent.pop()) give_up(*exchange, Cause::kUnsent);
        });
        end_if_done();
    });
}

void Worker::abandon() {
    loop_.post([this] {
        arrivals_->stop(loop_.now());
        if (traffic_) traffic_->users().stop();
        cut_off_all();
        end_if_done();
    });
}

void Worker::run() {
    const Nanos cpu_before = thread_cpu();
    loop_.post([this] { begin(); });
    if (run_.plan.pace == plan::Pace::kSpin && !run_.plan.closed_loop) {
        run_spinning();
    } else {
        loop_.run();
    }
    health_.cpu = thread_cpu() - cpu_before;
    health_.wall = loop_.refresh() - run_.start;
    publish(loop_.now());
    for_each_pool([](Pool& pool) { pool.close_all(); });
    for (const auto& pool : pools_) {
        if (pool) pool->sweep();  // HTTP/2 sessions live in this thread's slab memory and must end before it
    }
    to_sweep_.clear();
    if (!traffic_) return end_thread();
    user_book_ = traffic_->users().book();
    last_values_ = traffic_->users().last_values();
    traffic_.reset();  // its processor belongs to this thread
    end_thread();
}

void Worker::end_thread() {
    live_.ended.store(true, std::memory_order_release);
}

void Worker::run_spinning() {
    while (loop_.poll()) {
        const Instant now = loop_.refresh();
        const auto due = arrivals_->next_due();
        if (due && *due <= now) arrivals_->on_due(now);
    }
}

void Worker::begin() {
    cpu_mark_ = loop_.now();
    cpu_at_mark_ = thread_cpu();
    next_publication_ = loop_.now() + kPublishInterval;
    tick_.set(loop_.now() + kTickInterval);
    if (run_.plan.traceparent) {
        const auto epoch = static_cast<std::uint32_t>(run_.start_wall.unix_ns / 1'000'000'000);
        mint_.emplace(run_.trace_salt, epoch, static_cast<std::uint16_t>(index_));
    }
    if (traffic_) traffic_->users().begin(run_.start);
    arrivals_->start(run_.start);
}

void Worker::for_each_pool(const std::function<void(Pool&)>& use) {
    for (const auto& pool : pools_) {
        if (pool) use(*pool);
    }
    if (traffic_) traffic_->for_each_pool(use);
}

void Worker::sweep() {
    for (Pool* pool : to_sweep_) pool->sweep();
    to_sweep_.clear();
    if (traffic_) traffic_->sweep();
}

void Worker::on_timer() {
    const Instant now = loop_.now();
    deadlines_.advance(now, [this](io::Deadline& deadline) { on_timeout(static_cast<Exchange&>(deadline)); });
    dial_deadlines_.advance(now,
                            [](io::Deadline& deadline) { Connection::of_deadline(deadline).on_deadline(); });
    sweep();
    arrivals_->on_tick(now);
    if (run_.users.out_of_data.load(std::memory_order_relaxed)) arrivals_->stop(now);
    if (traffic_) end_if_done();
    if (give_up_ && now >= *give_up_) {
        if (traffic_) traffic_->users().stop();  // those that think would send again
        cut_off_all();
    }
    if (now >= next_publication_) sample_cpu(now);
    publish(now);
    if (!loop_.stopped()) tick_.set(now + kTickInterval);
}

void Worker::sample_cpu(Instant now) {
    const Nanos used = thread_cpu();
    const double share =
        static_cast<double>((used - cpu_at_mark_).count()) / static_cast<double>((now - cpu_mark_).count());
    health_.busiest_cpu = std::max(health_.busiest_cpu, share);
    cpu_mark_ = now;
    cpu_at_mark_ = used;
    live_.p50_ns.store(recent_.value_at(0.5).count(), std::memory_order_relaxed);
    live_.p99_ns.store(recent_.value_at(0.99).count(), std::memory_order_relaxed);
    recent_.reset();
    next_publication_ = now + kPublishInterval;
}

void Worker::publish(Instant) {
    live_.issued.store(issued_, std::memory_order_relaxed);
    live_.completed.store(statistics_.count() + statistics_.warm_up(), std::memory_order_relaxed);
    live_.failed.store(statistics_.failed(), std::memory_order_relaxed);
    live_.in_flight.store(in_flight_, std::memory_order_relaxed);
    live_.connections.store(statistics_.connections.opened - statistics_.connections.closed,
                            std::memory_order_relaxed);
}

// -- The end

void Worker::arrivals_ended() {
    ended_ = true;
    const plan::RunPlan& plan = run_.plan;
    // Without a drain of its own the last timeout ends the run: it must not be cut off in its last moment.
    const Nanos timeout = plan.connections.timeout;
    const Nanos drain = plan.drain > Nanos(0) || timeout == Nanos(0) ? plan.drain : timeout + kLatestExpiry;
    // Users go through with their journeys, unless the drain was asked for.
    if (drain > Nanos(0) && (!traffic_ || plan.drain > Nanos(0))) give_up_ = loop_.now() + drain;
    end_if_done();
}

void Worker::cut_off_all() {
    // First: a dial that ends in this turn must find nothing to take along.
    for_each_pool([this](Pool& pool) {
        while (Exchange* exchange = pool.pop_waiting()) {
            // Whom a stalled dial kept waiting was not held up by us.
            give_up(*exchange, exchange->sent == Instant::min() ? Cause::kUnsent : Cause::kCutOff);
        }
    });
    for (Exchange& exchange : exchanges_) {
        if (!exchange.request) continue;
        if (exchange.connection != nullptr) exchange.connection->cancel(exchange);
        give_up(exchange, Cause::kCutOff);
    }
}

void Worker::give_up(Exchange& exchange, Cause cause) {
    if (exchange.sent == Instant::min()) exchange.sent = loop_.now();
    exchange.status = 0;
    exchange.cause = cause;
    retire(exchange, true, loop_.now());
}

void Worker::end_if_done() {
    if (ended_ && in_flight_ == 0 && (!traffic_ || traffic_->idle())) loop_.stop();
}

}  // namespace loadgen::engine
