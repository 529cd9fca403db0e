// The server side of an HTTP/1.0 or HTTP/1.1 connection (RFC 9112).
#pragma once

#include <string>

#include "common/http/http1_writer.hpp"
#include "common/http/server_session.hpp"

namespace loadgen::http {

/// Answers pipelined requests one after the other in order: the next is not parsed before the last is
/// answered. Sends 100 Continue when the client waits for it and the body fits. Malformed input gets an error
/// response, then the connection closes. Ids count the requests from 1. Never upgrades and is no proxy:
/// CONNECT gets 501.
class Http1ServerSession final : public ServerSession, private Http1Events {
  public:
    Http1ServerSession(RequestHandler& handler, ServerOptions options);

    void feed(std::string_view bytes) override;
    void peer_closed() override;
    void connection_lost() override;
    bool wants_read() const override;
    std::string_view output() override;
    void consume_output(std::size_t bytes) override;
    void respond(StreamId id, Response response) override;
    bool respond_streaming(StreamId id, Response head) override;
    Written write(StreamId id, std::string_view bytes) override;
    void finish(StreamId id) override;
    void abort(StreamId id) override;
    std::size_t pending_bytes(StreamId id) const override {
        return streaming(id) ? unsent() - before_stream_ : 0;
    }
    void begin_drain() override { draining_ = true; }
    bool wants_close() const override { return closing_; }
    bool idle() const override;
    std::size_t in_flight() const override { return answering_ ? 1 : 0; }
    std::string_view error() const override { return error_; }

  private:
    void on_head(const Http1Head& head) override;
    void on_body(std::string_view bytes) override;
    void on_trailers(std::span<const HeaderView> trailers) override;
    void on_message_end() override;

    void parse(std::string_view bytes);
    void parse_input();
    void refuse(int status, std::string_view why);
    void send(const Response& response);
    bool send_head(const Response& response, BodyFraming framing);
    void answered();
    bool streaming(StreamId id) const { return streaming_ && id == current_; }
    void take_head(const Http1Head& head);
    bool throttled() const;
    std::size_t buffered() const { return input_.size() - parsed_; }
    std::size_t unsent() const { return output_.size() - sent_; }

    RequestHandler& handler_;
    ServerOptions options_;
    Http1Parser parser_;
    Request request_;
    StreamId current_ = 0;
    bool keep_alive_ = true;   // what the request being read or answered allows
    bool head_only_ = false;   // it is HEAD
    bool http10_ = false;      // it is HTTP/1.0
    bool answering_ = false;   // it was handed out and not answered
    bool streaming_ = false;   // its answer has begun; answering_ holds as well
    bool in_handler_ = false;  // the parser goes on by itself after the callback
    bool draining_ = false;
    bool closing_ = false;      // nothing more is read or answered
    bool read_closed_ = false;  // the peer sends no more
    std::string input_;         // received behind the request being answered
    std::size_t parsed_ = 0;    // of input_
    std::string output_;
    std::size_t sent_ = 0;           // of output_
    std::size_t before_stream_ = 0;  // unsent bytes in front of a streamed body
    std::string_view error_;
};

}  // namespace loadgen::http
