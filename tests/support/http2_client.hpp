// A real HTTP/2 client (nghttp2) in memory, to drive a ServerSession without sockets.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/http/header.hpp"
#include "common/http/server_session.hpp"

namespace loadgen::test {

class Http2Client {
  public:
    struct Answer {
        int status = 0;
        http::Headers headers;
        std::vector<int> interim;  ///< 1xx statuses before
        std::string body;
        bool complete = false;  ///< the server ended it
        bool closed = false;
        std::uint32_t error_code = 0;  ///< with which the stream was closed
    };
    struct Goaway {
        std::int32_t last_id;
        std::uint32_t error_code;
        friend bool operator==(const Goaway&, const Goaway&) = default;
    };

    /// `hold_credit`: received body bytes are not acknowledged until `release_credit`.
    explicit Http2Client(bool hold_credit = false);
    ~Http2Client();

    /// Opens a stream and returns its id. `headers` follow the pseudo-fields. `end` false: the body never
    /// ends.
    std::int32_t request(std::string method, std::string path, http::Headers headers = {},
                         std::string body = {}, bool end = true);
    void reset(std::int32_t id, std::uint32_t error_code);
    void ping();
    void release_credit();

    /// What it wants to send now; and what it got.
    std::string take_output();
    void feed(std::string_view bytes);

    Answer& answer(std::int32_t id);
    const std::vector<Goaway>& goaways() const;
    bool failed() const;  ///< the server broke the protocol

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Moves bytes both ways, `piece` bytes at a time, until neither side has any.
void exchange(Http2Client& client, http::ServerSession& server, std::size_t piece = 16 * 1024);

}  // namespace loadgen::test
