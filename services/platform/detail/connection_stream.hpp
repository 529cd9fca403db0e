// The platform's Stream: one streamed answer of a connection.
#pragma once

#include <memory>
#include <optional>

#include "common/http/server_session.hpp"
#include "services/platform/loop.hpp"
#include "services/platform/stream.hpp"

namespace loadgen::services::platform::detail {

class Connection;

/// Loop thread only. Without a connection it is over from the start.
class ConnectionStream final : public Stream, public std::enable_shared_from_this<ConnectionStream> {
  public:
    ConnectionStream(Loop& loop, Connection* connection, http::StreamId id);

    bool write(std::string_view bytes) override;
    void finish() override;
    bool is_open() const override { return connection_ != nullptr; }
    std::size_t pending_bytes() const override;
    void on_close(std::function<void(StreamEnd why)> closed) override;

    http::StreamId id() const { return id_; }
    /// By the connection, once the session is through with it. The writer is told by a task of the loop: it
    /// may be in the middle of writing to many.
    void ended(StreamEnd why);
    /// By the connection: lets the writer say a last word, then finishes.
    void drain();

  private:
    void tell(StreamEnd why);

    Loop& loop_;
    Connection* connection_;  // null once it is over
    const http::StreamId id_;
    std::function<void(StreamEnd)> closed_;
    std::optional<StreamEnd> end_;  // that nobody has been told of yet
};

}  // namespace loadgen::services::platform::detail
