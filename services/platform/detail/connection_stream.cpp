#include "services/platform/detail/connection_stream.hpp"

#include <utility>

#include "services/platform/detail/connection.hpp"

namespace loadgen::services::platform::detail {

ConnectionStream::ConnectionStream(Loop& loop, Connection* connection, http::StreamId id)
    : loop_(loop), connection_(connection), id_(id) {
    if (connection_ == nullptr) end_ = StreamEnd::kPeerLeft;
}

bool ConnectionStream::write(std::string_view bytes) {
    if (connection_ == nullptr) return false;
    const auto self = shared_from_this();
    connection_->write(*this, bytes);
    return is_open();
}

void ConnectionStream::finish() {
    end_.reset();
    const auto closed = std::exchange(closed_, nullptr);  // released last: it may own this stream
    if (connection_ == nullptr) return;
    const auto self = shared_from_this();
    std::exchange(connection_, nullptr)->finish(*this);
}

std::size_t ConnectionStream::pending_bytes() const {
    return connection_ == nullptr ? 0 : connection_->pending_bytes(*this);
}

void ConnectionStream::on_close(std::function<void(StreamEnd why)> closed) {
    closed_ = std::move(closed);
    if (closed_ != nullptr && end_) tell(*std::exchange(end_, std::nullopt));
}

void ConnectionStream::ended(StreamEnd why) {
    connection_ = nullptr;
    if (closed_ == nullptr) {
        end_ = why;
    } else {
        tell(why);
    }
}

void ConnectionStream::tell(StreamEnd why) {
    loop_.post([closed = std::exchange(closed_, nullptr), why] { closed(why); });
}

void ConnectionStream::drain() {
    const auto self = shared_from_this();
    const auto closed = std::exchange(closed_, nullptr);
    if (is_open() && closed != nullptr) closed(StreamEnd::kDraining);
    if (!is_open()) return;
    finish();
    if (closed == nullptr) end_ = StreamEnd::kDraining;
}

}  // namespace loadgen::services::platform::detail
