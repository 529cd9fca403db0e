// One request on its way through a service, and the way its answer takes back.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/http/message.hpp"
#include "services/platform/loop.hpp"

namespace loadgen::services::platform {

class Call;

/// Where an answer goes: the worker that took the request. Outlives its calls' answers.
class CallOwner {
  public:
    /// Loop thread. The call is over afterwards.
    virtual void send(Call& call, http::Response&& response) = 0;

  protected:
    ~CallOwner() = default;
};

/// A request, what its pattern captured, and what is to be logged about it. Shared by the connection and
/// whoever answers. Everything except `loop().post` belongs to the loop's thread; a thread of a store or a
/// bus only holds it until it has posted the outcome. Every call is answered, also when its client has gone
/// meanwhile.
class Call {
  public:
    Call(Loop& loop, CallOwner& owner, http::Request&& request);
    virtual ~Call() = default;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    const http::Request& request() const { return request_; }
    /// The target without its query (RFC 3986 section 3.3), still percent-encoded; "*" for OPTIONS *.
    std::string_view path() const { return path_; }
    /// The decoded segment that the pattern's {name} matched; empty when the pattern has none of this name.
    std::string_view parameter(std::string_view name) const;
    void add_parameter(std::string_view name, std::string value);

    Loop& loop() { return loop_; }
    Instant started() const { return started_; }

    /// Answers. Only the first answer counts.
    void answer(http::Response response);
    bool answered() const { return owner_ == nullptr; }

    std::string id;                      ///< correlates answer and logs
    std::string_view peer;               ///< the client's address without its port; lives as long as the call
    std::string message;                 ///< for the log: what the client was told
    std::string error;                   ///< for the log only: why it went wrong
    std::size_t middlewares_passed = 0;  ///< kept by the dispatcher

  private:
    Loop& loop_;
    CallOwner* owner_;
    http::Request request_;
    std::string_view path_;
    Instant started_;
    std::vector<std::pair<std::string_view, std::string>> parameters_;
};

using CallPtr = std::shared_ptr<Call>;

}  // namespace loadgen::services::platform
