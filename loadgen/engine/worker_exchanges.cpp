// The life of an exchange on its worker: issued, given to a connection, answered, judged, recorded.
#include <algorithm>

#include "loadgen/engine/exchanges/redirect.hpp"
#include "loadgen/engine/worker.hpp"
#include "loadgen/steps/metric_names.hpp"

namespace loadgen::engine {
namespace {

// The keep-alive race: an end within about one round trip of the write means that the peer had closed
// already.
constexpr Nanos kShortestRoundTrip{500'000};
// Of an answer that a script looks into; what lies behind is counted and not seen.
constexpr std::size_t kMostBodyBytes = 16U << 20U;

/// Content-Type, Content-Encoding: what is needed to read a body.
bool is_about_body(std::string_view name) {
    constexpr std::string_view kPrefix = "content-";
    return http::equal_name(name.substr(0, kPrefix.size()), kPrefix);
}

}  // namespace

bool Worker::issue(std::uint64_t sequence, Instant due) {
    if (traffic_) {
        traffic_->users().arrive(sequence, due);
        return true;
    }
    auto request = run_.request_for(sequence);
    if (!request) return false;
    Exchange& exchange = begin_exchange(std::move(request), sequence, due);
    pool_of(exchange).submit(exchange);
    return true;
}

Exchange& Worker::begin_exchange(std::shared_ptr<const CompiledRequest> request, std::uint64_t sequence,
                                 Instant due) {
    Exchange& exchange = take_exchange();
    exchange.request = std::move(request);
    exchange.trace = exchange.request->own_trace();
    if (mint_ && !exchange.request->has_traceparent()) exchange.trace = mint_->next();
    exchange.sequence = sequence;
    exchange.due = due;
    exchange.issued = std::max(due, loop_.now());
    exchange.sent = Instant::min();
    ++issued_;
    ++in_flight_;
    statistics_.record_issued(exchange.issued - due);
    return exchange;
}

void Worker::send(std::shared_ptr<const CompiledRequest> request, steps::Strand& strand,
                  const steps::Outgoing& options) {
    Exchange& exchange = begin_exchange(std::move(request), strand.user->number, strand.due);
    exchange.strand = &strand;
    exchange.journey = strand.user->journey;
    exchange.step = options.step;
    exchange.follow_redirects = options.follow_redirects;
    exchange.keep_headers = options.keep_headers;
    exchange.keep_body = options.keep_body;
    exchange.kind = options.kind;
    if (plan::is_message(options.kind)) exchange.trace = {};  // no head that could carry it
    exchange.timeout = options.timeout;
    exchange.time_ends = options.time_ends;
    Pool& pool = pool_of(exchange);
    if (plan::is_message(options.kind) && !pool.has_room()) return refuse_message(exchange, pool);
    pool.submit(exchange);
}

Exchange& Worker::take_exchange() {
    if (Exchange* reused = free_.pop()) return *reused;
    return exchanges_.emplace_back();
}

Pool& Worker::pool_of(const Exchange& exchange) {
    const std::uint32_t authority = exchange.request->authority();
    if (plan::is_socket(exchange.kind)) return traffic_->socket_of(*exchange.strand, authority);
    Pool* own = exchange.strand != nullptr ? traffic_->pool_of(*exchange.strand, authority) : nullptr;
    return own != nullptr ? *own : shared_pool(authority);
}

Pool& Worker::shared_pool(std::uint32_t index) {
    if (index >= pools_.size()) pools_.resize(index + 1);
    if (pools_[index]) return *pools_[index];
    const Authority& authority = run_.authorities.at(index);
    prepare_tls(authority, *context_, tls_);
    const plan::ConnectionPolicy& policy = run_.plan.connections;
    PoolEvents& events = *this;
    pools_[index] = std::make_unique<Pool>(*context_, events, authority, share_.of(policy.max_connections),
                                           share_.of(policy.max_idle_connections));
    return *pools_[index];
}

std::unique_ptr<Pool> Worker::make_pool(std::uint32_t index, std::size_t max_connections) {
    const Authority& authority = run_.authorities.at(index);
    prepare_tls(authority, *context_, tls_);
    PoolEvents& events = *this;
    return std::make_unique<Pool>(*context_, events, authority, max_connections, max_connections);
}

std::unique_ptr<Pool> Worker::make_socket_pool(std::uint32_t index) {
    const Authority& authority = run_.authorities.at(index);
    prepare_tls(authority, *socket_context_, socket_tls_);
    PoolEvents& events = *this;
    return std::make_unique<Pool>(*socket_context_, events, authority, 1, 1);
}

void Worker::prepare_tls(const Authority& authority, ConnectionContext& context,
                         std::unique_ptr<io::TlsClientContext>& tls) {
    if (!authority.tls || tls) return;
    // The engine has loaded the files that the plan names before the run, so this does not fail.
    auto made = io::TlsClientContext::create(tls_options(context.policy));
    if (made) tls = std::move(*made);
    context.tls = tls.get();
}

void Worker::on_dialling(Exchange& exchange) {
    // While an answer is handled the loop stands at its arrival, when this one may not even have been due.
    if (exchange.sent == Instant::min()) exchange.sent = std::max(loop_.now(), exchange.issued);
    arm_timeout(exchange);
}

void Worker::arm_timeout(Exchange& exchange) {
    const Nanos timeout = exchange.timeout > Nanos(0) ? exchange.timeout : run_.plan.connections.timeout;
    if (timeout > Nanos(0)) deadlines_.arm(exchange, exchange.sent + timeout);
}

void Worker::on_submitting(Exchange& exchange) {
    // While an answer is handled the loop stands at its arrival, which may be before this send.
    if (loop_.keeps_arrival_times()) loop_.refresh();
    if (exchange.sent == Instant::min()) exchange.sent = loop_.now();
    exchange.written = loop_.now();  // for an answer that does not wait for the last byte
    arm_timeout(exchange);
    statistics_.record_sent(exchange.sent - run_.start);
}

void Worker::on_written(Exchange& exchange) {
    exchange.written = loop_.now();
    if (exchange.kind == plan::ExchangeKind::kSend || exchange.kind == plan::ExchangeKind::kListen)
        on_message_written(exchange);
}

void Worker::on_first_byte(Exchange& exchange) {
    exchange.first_byte = loop_.now();
    exchange.has_first_byte = true;
}

bool Worker::wants_headers(const Exchange& exchange) {
    return run_.plan.capture.headers || exchange.strand != nullptr || exchange.status == 503 ||
           (exchange.status >= 300 && exchange.status < 400 && run_.plan.max_redirects >= 0);
}

void Worker::on_header(Exchange& exchange, http::HeaderView header) {
    if (is_redirect(exchange.status) && run_.plan.max_redirects >= 0 &&
        http::equal_name(header.name, "location")) {
        exchange.location.assign(header.value);
    }
    if (exchange.status == 503 && http::equal_name(header.name, "retry-after")) exchange.retry_after = true;
    if (exchange.strand != nullptr && http::equal_name(header.name, "set-cookie")) {
        traffic_->on_cookie(exchange, header.value);
    }
    const bool about_body = exchange.keep_body && is_about_body(header.name);
    if (!run_.plan.capture.headers && !exchange.keep_headers && !about_body) return;
    Captured& captured = exchange.capture();
    std::size_t& room = captured.header_room;
    const std::size_t size = header.name.size() + header.value.size();
    if (size > room) return;
    room -= size;
    captured.keep(header);
}

void Worker::on_body(Exchange& exchange, std::string_view bytes) {
    exchange.bytes_in += bytes.size();
    if (exchange.kind == plan::ExchangeKind::kEventStream) take_events(exchange, bytes);
    const std::size_t limit =
        std::max(run_.plan.capture.max_body_bytes, exchange.keep_body ? kMostBodyBytes : 0);
    if (limit == 0) return;
    std::string& body = exchange.capture().body;
    body.append(bytes.substr(0, limit - std::min(limit, body.size())));
}

void Worker::on_finished(Exchange& exchange, Cause cause) {
    Connection& connection = *exchange.connection;
    if (exchange.over) {  // it only waited for its turn
        connection.pool().release(connection);
        return end_over(exchange);
    }
    const Instant done = loop_.now();
    exchange.cause = judge(exchange, cause);
    if (cause != Cause::kOk) exchange.status = 0;  // a status line without its response is no answer
    if (wants_redirect(exchange, cause) && follow(exchange)) {
        connection.pool().release(connection);
        return;
    }
    connection.pool().release(connection);
    retire(exchange, false, done);
}

Cause Worker::judge(const Exchange& exchange, Cause cause) const {
    // Only the end of the connection may be that race; an HTTP/2 stream that is reset alone was taken up.
    const bool connection_ended = cause == Cause::kResetInflight && exchange.connection->draining();
    if (connection_ended && !plan::is_message(exchange.kind) && exchange.ordinal > 1 &&
        !exchange.has_first_byte) {
        const Nanos round_trip = std::max(exchange.connection->connect_time() * 2, kShortestRoundTrip);
        if (loop_.now() - exchange.written <= round_trip) return Cause::kResetIdle;
    }
    if (cause != Cause::kOk) return cause;
    if (exchange.status == 429 || exchange.retry_after) return Cause::kThrottled;
    if (exchange.status >= 500) return Cause::kHttp5xx;
    return exchange.status >= 400 ? Cause::kHttp4xx : Cause::kOk;
}

bool Worker::wants_redirect(const Exchange& exchange, Cause cause) const {
    return cause == Cause::kOk && run_.plan.max_redirects >= 0 && exchange.follow_redirects &&
           is_redirect(exchange.status) && !exchange.location.empty();
}

bool Worker::follow(Exchange& exchange) {
    if (exchange.redirects == run_.plan.max_redirects) {
        exchange.cause = Cause::kProtocol;
        exchange.status = 0;
        exchange.error = "stopped after " + std::to_string(exchange.redirects) + " redirects";
        exchange.code = steps::failure::kRedirects;
        return false;
    }
    auto next = follow_redirect(exchange.request->source(), exchange.status, exchange.location);
    if (!next) {
        exchange.cause = Cause::kProtocol;
        exchange.status = 0;
        exchange.error = std::move(next).error().message;
        exchange.code = steps::failure::kUrl;
        return false;
    }
    ++exchange.redirects;  // the timeout goes on: it is for all of them together
    if (exchange.strand != nullptr) traffic_->renew_cookies(*exchange.strand, **next);
    exchange.request = run_.compile(std::move(*next));
    exchange.status = 0;
    exchange.bytes_in = exchange.bytes_out = 0;
    exchange.has_first_byte = false;
    exchange.location.clear();
    exchange.drop_capture();
    exchange.connection = nullptr;
    pool_of(exchange).submit(exchange);
    return true;
}

void Worker::on_timeout(Exchange& exchange) {
    if (exchange.connection != nullptr) return on_answer_timeout(exchange);
    on_dial_failure(exchange, pool_of(exchange).withdraw(exchange));
}

void Worker::on_answer_timeout(Exchange& exchange) {
    part(exchange);
    if (exchange.time_ends && exchange.status != 0) {
        exchange.cause = judge(exchange, Cause::kOk);
    } else {
        exchange.cause = Cause::kTimeout;
        exchange.status = 0;
        exchange.error = "no complete answer within the timeout";
    }
    retire(exchange, false, loop_.now());
}

void Worker::on_dial_failure(Exchange& exchange, const DialFailure& failure) {
    exchange.cause = failure.cause;
    exchange.error = failure.text;
    retire(exchange, true, loop_.now());
}

void Worker::on_connection_opened(const Connection& connection) {
    ConnectionStatistics& connections = statistics_.connections;
    ++connections.opened;
    connections.connect.record(connection.connect_time());
    if (connection.dns_time() > Nanos(0)) connections.dns.record(connection.dns_time());
    if (connection.tls_time() > Nanos(0)) connections.tls.record(connection.tls_time());
}

void Worker::on_connection_ended(const Connection& connection) {
    if (!connection.stood()) return;
    ++statistics_.connections.closed;
    statistics_.connections.exchanges_each.record(Nanos(static_cast<std::int64_t>(connection.exchanges())));
}

void Worker::wants_flush(Connection& connection) {
    connection.flush();
}

void Worker::retire(Exchange& exchange, bool dial_failed, Instant done) {
    // What ends a whole connection may have arrived before its latest requests were sent.
    done = std::max(done, exchange.sent);
    const bool of_user = exchange.strand != nullptr;
    const bool warm_up = run_.plan.load.schedule && run_.plan.load.warm_up_at(exchange.due - run_.start);
    if (of_user) traffic_->deliver(exchange, done, warm_up);  // tells whether it is what the script wants
    if (warm_up) {
        statistics_.record_warm_up(exchange.status != 0);
    } else {
        statistics_.record(exchange, run_.start, done);
        recent_.record(done - exchange.due);
    }
    if (of_user && !run_.plan.capture.headers && run_.plan.capture.max_body_bytes == 0) {
        exchange.drop_capture();
    }
    if (run_.results != nullptr) push_result(exchange, done, warm_up);
    if (of_user) traffic_->reuse(std::move(exchange.request), exchange.step);
    exchange.reset();
    free_.push_front(exchange);
    --in_flight_;
    if (!ended_ && !of_user) arrivals_->on_exchange_over(dial_failed);
    end_if_done();
}

void Worker::push_result(Exchange& exchange, Instant done, bool warm_up) {
    Sample sample;
    sample.sequence = exchange.sequence;
    sample.trace = exchange.trace;
    sample.scenario = exchange.journey != nullptr ? &exchange.journey->name : nullptr;
    sample.due = exchange.due;
    sample.done = done;
    sample.send_delay = exchange.sent - exchange.due;
    sample.dns = exchange.dns;
    sample.connect = exchange.connect;
    sample.tls = exchange.tls;
    if (exchange.has_first_byte) {
        sample.wait = std::max(Nanos(0), exchange.first_byte - exchange.written);
        sample.body = done - exchange.first_byte;
    }
    sample.bytes_in = exchange.bytes_in;
    sample.bytes_out = exchange.bytes_out;
    sample.connection_id = exchange.connection_id;
    sample.remote_address = exchange.remote_address;
    sample.ordinal = exchange.ordinal;
    sample.status = exchange.status;
    sample.cause = exchange.cause;
    sample.warm_up = warm_up;
    append_error_text(sample.error, exchange);
    sample.captured = std::move(exchange.captured);
    sample.request = std::move(exchange.request);
    run_.results->push(index_, std::move(sample));
}

}  // namespace loadgen::engine
