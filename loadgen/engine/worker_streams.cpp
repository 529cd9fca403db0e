// Exchanges that end otherwise than by a complete response: event streams that their users have had enough
// of, WebSocket messages.
#include "loadgen/engine/worker.hpp"

namespace loadgen::engine {

/// From inside a session, whose exchange must not end while it is at work on it: in the loop's next turn.
void Worker::end_soon(Exchange& exchange) {
    exchange.over = true;
    exchange.over_at = loop_.now();
    io::Deadline& deadline = exchange;
    deadline.cancel();
    if (over_.empty()) loop_.post([this] { end_those_over(); });
    over_.push_back(&exchange);
}

void Worker::end_those_over() {
    ending_.swap(over_);
    for (Exchange* exchange : ending_) {
        if (!exchange->over) continue;  // its connection has ended meanwhile, or the run
        if (exchange->connection != nullptr) part(*exchange);
        end_over(*exchange);
    }
    ending_.clear();
}

/// Takes an exchange in flight away from its connection.
void Worker::part(Exchange& exchange) {
    Connection& connection = *exchange.connection;
    connection.cancel(exchange);
    if (connection.finished()) {
        connection.close();
        connection.pool().on_connection_closed(connection);
    } else {
        connection.flush();  // HTTP/2: tells the peer (RST_STREAM)
        connection.pool().release(connection);
    }
}

void Worker::take_events(Exchange& exchange, std::string_view bytes) {
    if (exchange.over) return;
    static const http::Headers kNone;
    const http::Headers& headers = exchange.captured ? exchange.captured->headers() : kNone;
    const steps::Intake intake =
        traffic_->users().on_events(*exchange.strand, exchange.status, headers, bytes, exchange.error);
    if (intake == steps::Intake::kMore) return;
    if (intake == steps::Intake::kBroken) exchange.cause = Cause::kProtocol;
    end_soon(exchange);
}

void Worker::end_over(Exchange& exchange) {
    if (exchange.cause != Cause::kOk) exchange.status = 0;
    retire(exchange, false, exchange.over_at);
}

/// The WebSocket is gone, and another is not for us to open.
void Worker::refuse_message(Exchange& exchange, const Pool& pool) {
    exchange.sent = exchange.written = std::max(loop_.now(), exchange.issued);
    exchange.cause = Cause::kResetInflight;
    exchange.error = pool.farewell();
    end_soon(exchange);
}

void Worker::on_message_written(Exchange& exchange) {
    exchange.status = 101;  // what its connection was opened with; a message has no other
    exchange.connection = nullptr;
    end_soon(exchange);
}

void Worker::on_unasked_message() {
    if (traffic_) traffic_->users().on_unasked_message();
}

}  // namespace loadgen::engine
