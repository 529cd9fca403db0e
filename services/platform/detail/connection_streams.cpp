// The streamed answers of a connection.
#include <algorithm>

#include "services/platform/detail/connection.hpp"
#include "services/platform/detail/worker.hpp"

namespace loadgen::services::platform::detail {

std::shared_ptr<Stream> Connection::open_stream(ConnectionCall& call, http::Response&& head) {
    const auto self = shared_from_this();
    const http::StreamId id = call.stream;
    forget(call);
    const bool open = session_->respond_streaming(id, std::move(head));
    auto stream = std::make_shared<ConnectionStream>(worker_.loop(), open ? this : nullptr, id);
    if (open) {
        streams_.push_back(stream);
        if (worker_.draining()) {
            worker_.loop().post([stream] { stream->drain(); });
        }
    }
    answer_begun();
    return stream;
}

/// Sends at once, unless bytes of the peer are being handled: then everything goes out together.
void Connection::answer_begun() {
    if (in_session_) return;
    note_receiving();  // the answer may have let the next, half-sent request in
    flush();
}

void Connection::write(ConnectionStream& stream, std::string_view bytes) {
    const auto self = shared_from_this();
    using Written = http::ServerSession::Written;
    switch (session_->write(stream.id(), bytes)) {
        case Written::kTaken:
            break;
        case Written::kTooSlow:
            session_->abort(stream.id());
            end_stream(stream.id(), StreamEnd::kTooSlow);
            break;
        case Written::kGone:
            end_stream(stream.id(), StreamEnd::kPeerLeft);
            break;
    }
    if (!in_session_) flush();
}

void Connection::finish(ConnectionStream& stream) {
    const auto self = shared_from_this();
    std::erase_if(streams_, [&stream](const auto& other) { return other.get() == &stream; });
    session_->finish(stream.id());
    answer_begun();
}

std::size_t Connection::pending_bytes(const ConnectionStream& stream) const {
    return session_->pending_bytes(stream.id());
}

void Connection::end_stream(http::StreamId id, StreamEnd why) {
    const auto found = std::find_if(streams_.begin(), streams_.end(),
                                    [id](const auto& stream) { return stream->id() == id; });
    if (found == streams_.end()) return;
    const std::shared_ptr<ConnectionStream> stream = *found;
    streams_.erase(found);
    stream->ended(why);
}

void Connection::drain_streams() {
    const auto streams = streams_;  // each leaves the list
    for (const auto& stream : streams) stream->drain();
}

bool Connection::streams_wait() const {
    return writing_ || std::any_of(streams_.begin(), streams_.end(),
                                   [](const auto& stream) { return stream->pending_bytes() > 0; });
}

}  // namespace loadgen::services::platform::detail
