// The connections of one worker to one authority, and the exchanges that wait for one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "loadgen/engine/connections/connection.hpp"
#include "loadgen/engine/connections/connection_list.hpp"
#include "loadgen/engine/exchanges/exchange.hpp"

namespace loadgen::engine {

/// What a pool tells its worker.
class PoolEvents {
  public:
    /// A dial failed and takes this waiting exchange with it.
    virtual void on_dial_failure(Exchange& exchange, const DialFailure& failure) = 0;
    /// A connection is being dialled for this exchange: its time on the wire begins, and its timeout too.
    virtual void on_dialling(Exchange& exchange) = 0;
    /// About to be given to a connection.
    virtual void on_submitting(Exchange& exchange) = 0;
    virtual void on_connection_failed() = 0;  ///< a dial ended without one
    virtual void on_connection_opened(const Connection& connection) = 0;
    virtual void on_connection_ended(const Connection& connection) = 0;
    /// A connection is gone and waits for `sweep`, which must not be called from inside an event.
    virtual void wants_sweep(Pool& pool) = 0;
    /// The connection has bytes to send: flush it before the event is over.
    virtual void wants_flush(Connection& connection) = 0;

  protected:
    ~PoolEvents() = default;
};

/// Open model: an exchange that finds no free connection makes the pool dial another, up to the cap;
/// whichever connection is free first takes the exchange that waits longest. A dial that fails takes along
/// those that counted on it; one that times out takes nobody, for each exchange has a timeout of its own. Not
/// thread-safe.
class Pool {
  public:
    Pool(ConnectionContext& context, PoolEvents& events, const Authority& authority,
         std::size_t max_connections, std::size_t max_idle);
    ~Pool();

    /// Sends the exchange on a free connection, else queues it and dials as needed.
    void submit(Exchange& exchange);
    /// An exchange on this connection ended: the next may go.
    void release(Connection& connection);
    /// Takes back an exchange that waits, and says why it had to.
    DialFailure withdraw(Exchange& exchange);
    /// Takes back an exchange that waits and will not be sent; nullptr when there is none.
    Exchange* pop_waiting();
    /// Takes back all that wait and never had a dial.
    ExchangeQueue take_unsent();
    std::size_t waiting() const { return awaiting_.size() + queued_.size(); }
    std::size_t connections() const { return connections_.size(); }
    /// Frees connections that closed during the events handled since the last call.
    void sweep() { closed_.clear(); }
    /// An exchange would go out on a connection that stands.
    bool has_room() const { return !ready_.empty() && ready_.front()->free_streams() > 0; }
    /// How the last connection was ended by its peer, in words; empty when it was not.
    std::string_view farewell() const;
    /// Leaves all connections in the protocol's way, and closes those that have none.
    void say_goodbye();
    /// Closes what is idle; used when the run ends.
    void close_all();

    // From connections:
    void on_connected(Connection& connection);
    void on_dial_failed(Connection& connection, const DialFailure& failure);
    void on_dial_timed_out(Connection& connection);
    void on_connection_closed(Connection& connection);

  private:
    bool may_dial() const;
    void dial_as_needed();
    void tell_awaiting();
    void give(Connection& connection, Exchange& exchange);
    void feed_waiting(Connection& connection);
    void list_ready(Connection& connection);
    void unlist_ready(Connection& connection);
    void retire(Connection& connection);
    void close_quietly(Connection& connection);

    ConnectionContext& context_;
    PoolEvents& events_;
    const Authority& authority_;
    std::size_t max_connections_;
    std::size_t max_idle_;
    std::size_t streams_a_connection_ = 1;  // what one more connection is expected to carry
    bool dialling_now_ = false;
    std::string farewell_;
    ExchangeQueue awaiting_;   // have been told of a dial; their turn comes first
    ExchangeQueue queued_;     // have not
    ConnectionList dialling_;  // longest first
    ConnectionList ready_;     // with free streams, last used first: others may then idle out
    std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
    std::vector<std::unique_ptr<Connection>> closed_;  // until no event handler can still be inside them
};

}  // namespace loadgen::engine
