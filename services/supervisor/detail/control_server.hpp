// Answers on the control socket: one request a connection, any number of lines back.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>

#include "services/supervisor/protocol.hpp"

namespace loadgen::services::supervisor::detail {

/// Where the lines of an answer go. A client that has gone hears nothing; that is no error.
class Reply {
  public:
    virtual ~Reply() = default;
    /// One JSON object with its line end.
    virtual void send(const std::string& line) = 0;
    /// Sends {"error":...} and ends.
    virtual void refuse(const std::string& why) = 0;
    /// Closes once everything is sent.
    virtual void end() = 0;
};

/// Loop thread only. At most 16 clients; each has ten seconds to send its line of at most 4096 bytes.
class ControlServer {
  public:
    using Handler = std::function<void(const Request& request, const std::shared_ptr<Reply>& reply)>;
    /// Takes over a listening unix socket.
    ControlServer(boost::asio::io_context& loop, int socket, Handler handler);
    ~ControlServer();
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

    /// No new clients; those that wait for an answer still get it.
    void close();

  private:
    class Session;
    void accept();

    boost::asio::io_context& loop_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    const Handler handler_;
    std::unordered_set<std::shared_ptr<Session>> asking_;  // have not sent their line yet
    std::shared_ptr<std::size_t> sessions_ = std::make_shared<std::size_t>(0);
};

}  // namespace loadgen::services::supervisor::detail
