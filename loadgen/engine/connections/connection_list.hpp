// A list of connections, linked through themselves.
#pragma once

#include <cstddef>

#include "loadgen/engine/connections/connection.hpp"

namespace loadgen::engine {

/// A connection is in one list at most, and leaves it before it dies. Owns nothing.
class ConnectionList {
  public:
    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    Connection* front() const { return head_; }

    void push_front(Connection& connection) { insert(connection, nullptr, head_); }
    void push_back(Connection& connection) { insert(connection, tail_, nullptr); }

    /// Does nothing when it is not in this list.
    void remove(Connection& connection) {
        if (connection.list != this) return;
        (connection.previous != nullptr ? connection.previous->next : head_) = connection.next;
        (connection.next != nullptr ? connection.next->previous : tail_) = connection.previous;
        connection.list = nullptr;
        --size_;
    }

  private:
    void insert(Connection& connection, Connection* before, Connection* after) {
        connection.list = this;
        connection.previous = before;
        connection.next = after;
        (before != nullptr ? before->next : head_) = &connection;
        (after != nullptr ? after->previous : tail_) = &connection;
        ++size_;
    }

    Connection* head_ = nullptr;
    Connection* tail_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace loadgen::engine
