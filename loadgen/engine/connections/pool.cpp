#include "loadgen/engine/connections/pool.hpp"

#include <algorithm>

namespace loadgen::engine {

Pool::Pool(ConnectionContext& context, PoolEvents& events, const Authority& authority,
           std::size_t max_connections, std::size_t max_idle)
    : context_(context),
      events_(events),
      authority_(authority),
      max_connections_(max_connections),
      max_idle_(std::max<std::size_t>(1, max_idle)) {
    if (context.policy.protocol == plan::Protocol::kHttp2Cleartext) {
        streams_a_connection_ = context.session.streams;
    }
}

Pool::~Pool() = default;

void Pool::submit(Exchange& exchange) {
    // GOAWAY or a lower limit of streams may have come since it was listed.
    while (!ready_.empty() && ready_.front()->free_streams() == 0) ready_.remove(*ready_.front());
    if (!ready_.empty()) return give(*ready_.front(), exchange);
    queued_.push(exchange);
    tell_awaiting();
    dial_as_needed();
}

void Pool::give(Connection& connection, Exchange& exchange) {
    events_.on_submitting(exchange);
    connection.submit(exchange);
    if (connection.free_streams() == 0) ready_.remove(connection);
    events_.wants_flush(connection);
}

void Pool::release(Connection& connection) {
    if (connection.phase() != Connection::Phase::kReady) return;
    feed_waiting(connection);
    if (connection.free_streams() > 0 && connection.list == nullptr) list_ready(connection);
}

void Pool::feed_waiting(Connection& connection) {
    if (waiting() == 0) return;
    while (waiting() > 0 && connection.free_streams() > 0) give(connection, *pop_waiting());
    tell_awaiting();
}

Exchange* Pool::pop_waiting() {
    return awaiting_.empty() ? queued_.pop() : awaiting_.pop();
}

DialFailure Pool::withdraw(Exchange& exchange) {
    // Without a dial there is a timeout only for the later requests of a redirect.
    if (!awaiting_.remove(exchange)) queued_.remove(exchange);
    tell_awaiting();
    if (dialling_.empty()) return {Cause::kTimeout, "no connection was free within the timeout"};
    return dialling_.front()->stalled();
}

ExchangeQueue Pool::take_unsent() {
    ExchangeQueue taken;
    ExchangeQueue kept;
    while (Exchange* exchange = queued_.pop()) {
        (exchange->sent == Instant::min() ? taken : kept).push(*exchange);
    }
    queued_ = kept;
    return taken;
}

bool Pool::may_dial() const {
    return dialling_.size() * streams_a_connection_ < waiting() &&
           (max_connections_ == 0 || connections_.size() < max_connections_);
}

void Pool::dial_as_needed() {
    // A dial that fails at once comes back here through its exchange's end: one loop serves all.
    if (dialling_now_) return;
    dialling_now_ = true;
    while (may_dial()) {
        auto owned = std::make_unique<Connection>(context_, *this, authority_);
        Connection& connection = *owned;
        connections_.emplace(&connection, std::move(owned));
        dialling_.push_back(connection);
        tell_awaiting();
        connection.dial();
    }
    dialling_now_ = false;
}

/// Under a cap there may be no dial that an exchange could wait for; its wait is send delay then, not the
/// server's time.
void Pool::tell_awaiting() {
    const std::size_t served = dialling_.size() * streams_a_connection_;
    while (awaiting_.size() < served && !queued_.empty()) {
        Exchange& exchange = *queued_.pop();
        awaiting_.push(exchange);
        events_.on_dialling(exchange);
    }
}

void Pool::on_connected(Connection& connection) {
    dialling_.remove(connection);
    if (connection.speaks_http2()) streams_a_connection_ = context_.session.streams;
    events_.on_connection_opened(connection);
    feed_waiting(connection);
    if (connection.free_streams() > 0) list_ready(connection);
}

void Pool::on_dial_failed(Connection& connection, const DialFailure& failure) {
    events_.on_connection_failed();
    retire(connection);
    // Everything that counted on this connection shares its fate; what is left makes further dials.
    for (std::size_t count = 0; count < streams_a_connection_ && waiting() > 0; ++count) {
        events_.on_dial_failure(*pop_waiting(), failure);
    }
    tell_awaiting();
    dial_as_needed();
}

void Pool::on_dial_timed_out(Connection& connection) {
    events_.on_connection_failed();
    retire(connection);
    dial_as_needed();
}

void Pool::on_connection_closed(Connection& connection) {
    events_.on_connection_ended(connection);
    if (!connection.farewell().empty()) farewell_ = connection.farewell();
    retire(connection);
    dial_as_needed();
}

void Pool::retire(Connection& connection) {
    if (connection.list != nullptr) connection.list->remove(connection);
    const auto found = connections_.find(&connection);
    if (found == connections_.end()) return;
    closed_.push_back(std::move(found->second));
    if (closed_.size() == 1) events_.wants_sweep(*this);
    connections_.erase(found);
}

void Pool::close_quietly(Connection& connection) {
    connection.close();
    events_.on_connection_ended(connection);
    retire(connection);
}

void Pool::close_all() {
    while (!connections_.empty()) close_quietly(*connections_.begin()->first);
}

std::string_view Pool::farewell() const {
    for (const auto& [connection, owned] : connections_) {
        if (!connection->farewell().empty()) return connection->farewell();
    }
    return farewell_;
}

void Pool::say_goodbye() {
    std::vector<Connection*> leaving;
    for (const auto& [connection, owned] : connections_) leaving.push_back(connection);
    for (Connection* connection : leaving) {
        if (!connection->say_goodbye()) close_quietly(*connection);
    }
}

void Pool::list_ready(Connection& connection) {
    if (connection.in_flight() == 0 && ready_.size() >= max_idle_) return close_quietly(connection);
    ready_.push_front(connection);
}

}  // namespace loadgen::engine
