// What virtual users ask of the thread that they live on. The engine implements it; nothing in this folder
// does I/O.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/cause.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/http/header.hpp"
#include "loadgen/plan/exchange_kind.hpp"
#include "loadgen/plan/request.hpp"

namespace loadgen::steps {

struct Strand;
struct User;

/// One request or message of a user, rendered.
struct Outgoing {
    static constexpr std::uint32_t kNoStep = UINT32_MAX;

    std::shared_ptr<const plan::Request>
        request;                   ///< of a message: its URL is the WebSocket's, its body the text
    std::uint32_t step = kNoStep;  ///< its RequestStep, by number
    bool constant = false;         ///< the same object whenever this step sends a constant one
    plan::ExchangeKind kind = plan::ExchangeKind::kRequest;
    Nanos timeout{0};        ///< from sent to its end; 0 = that of the connections
    bool time_ends = false;  ///< of an event stream: the timeout is an end like any other
    bool follow_redirects = true;
    bool keep_headers = false;  ///< the answer's fields are wanted
    bool keep_body = false;     ///< and its body
};

/// What came back, or why nothing did. Views die when the call that hands it over returns.
struct Answer {
    Cause cause = Cause::kOk;
    bool warm_up = false;                    ///< it was due in a phase whose times do not count
    std::uint16_t status = 0;                ///< 0 = no complete response
    const http::Headers* headers = nullptr;  ///< when they were wanted
    std::string_view body;
    std::string_view error;  ///< why there is no response
    std::string_view code;   ///< what Node calls it; empty = as it calls the cause
    std::string url;         ///< asked for, behind redirects; only when headers are wanted
    std::uint64_t bytes_in = 0;
    Instant due;
    Instant sent;
    Instant first_byte;
    Instant done;
    Nanos dns{0};
    Nanos connect{0};
    Nanos tls{0};

    /// There was a complete response, whatever its status.
    bool answered() const { return status != 0; }
};

class Host {
  public:
    virtual Instant now() const = 0;
    virtual WallTime wall_now() const = 0;
    /// A request for the RequestStep of this number to fill in and send. Its texts and fields are those of an
    /// earlier one, so that they have room.
    virtual std::shared_ptr<plan::Request> blank_request(std::uint32_t step) = 0;
    /// Sends what is due at `strand.due`; the answer reaches Users::on_answer, never within this call.
    virtual void send(Strand& strand, Outgoing outgoing) = 0;
    /// The user is leaving: its connections may be closed.
    virtual void release(User& user) = 0;
    /// Users::on_due is to be called at this instant, instead of what was asked before.
    virtual void wake_at(Instant when) = 0;
    /// The bytes of a file to upload. Blocks while it is read. Errors: kNotFound, kIo, kLimit.
    virtual Result<std::shared_ptr<const std::string>> read_file(const std::string& path) = 0;
    /// A line of a `log` step or of a failure, for people.
    virtual void say(std::string_view line) = 0;

  protected:
    ~Host() = default;
};

}  // namespace loadgen::steps
