#include "loadgen/engine/pool.hpp"

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
    while (ready_head_ != nullptr && ready_head_->free_streams() == 0) unlist_ready(*ready_head_);
    if (ready_head_ != nullptr) return give(*ready_head_, exchange);
    waiting_.push(exchange);
    // Under a cap there may be no dial that it could wait for; then its wait is send delay, not the server's
    // time.
    const bool has_dial = dialling_ * streams_a_connection_ >= waiting_.size() || may_dial();
    if (has_dial) events_.on_dialling(exchange);
    dial_as_needed();
}

void Pool::give(Connection& connection, Exchange& exchange) {
    events_.on_submitting(exchange);
    connection.submit(exchange);
    if (connection.free_streams() == 0) unlist_ready(connection);
    events_.wants_flush(connection);
}

void Pool::release(Connection& connection) {
    if (connection.phase() != Connection::Phase::kReady) return;
    feed_waiting(connection);
    if (connection.free_streams() > 0 && !connection.is_ready_listed) list_ready(connection);
}

void Pool::feed_waiting(Connection& connection) {
    while (!waiting_.empty() && connection.free_streams() > 0) give(connection, *waiting_.pop());
}

bool Pool::may_dial() const {
    return dialling_ * streams_a_connection_ < waiting_.size() &&
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
        ++dialling_;
        connection.dial();
    }
    dialling_now_ = false;
}

void Pool::on_connected(Connection& connection) {
    --dialling_;
    if (connection.speaks_http2()) streams_a_connection_ = context_.session.streams;
    events_.on_connection_opened(connection);
    feed_waiting(connection);
    if (connection.free_streams() > 0) list_ready(connection);
}

void Pool::on_dial_failed(Connection& connection, Cause cause, std::string error) {
    --dialling_;
    retire(connection);
    // Everything that counted on this connection shares its fate; what is left makes further dials.
    for (std::size_t count = 0; count < streams_a_connection_ && !waiting_.empty(); ++count) {
        events_.on_dial_failure(*waiting_.pop(), cause, error);
    }
    dial_as_needed();
}

void Pool::on_connection_closed(Connection& connection) {
    events_.on_connection_ended(connection);
    retire(connection);
    dial_as_needed();
}

void Pool::retire(Connection& connection) {
    unlist_ready(connection);
    const auto found = connections_.find(&connection);
    if (found == connections_.end()) return;
    closed_.push_back(std::move(found->second));
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

void Pool::list_ready(Connection& connection) {
    if (connection.in_flight() == 0 && idle_ >= max_idle_) return close_quietly(connection);
    connection.is_ready_listed = true;
    connection.previous_ready = nullptr;
    connection.next_ready = ready_head_;
    if (ready_head_ != nullptr) ready_head_->previous_ready = &connection;
    ready_head_ = &connection;
    ++idle_;
}

void Pool::unlist_ready(Connection& connection) {
    if (!connection.is_ready_listed) return;
    connection.is_ready_listed = false;
    (connection.previous_ready != nullptr ? connection.previous_ready->next_ready : ready_head_) =
        connection.next_ready;
    if (connection.next_ready != nullptr) connection.next_ready->previous_ready = connection.previous_ready;
    --idle_;
}

}  // namespace loadgen::engine
