// One request on its way through a service, and the way its answer takes back.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/http/message.hpp"
#include "common/telemetry/span.hpp"
#include "services/platform/auth/claims.hpp"
#include "services/platform/loop.hpp"
#include "services/platform/stream.hpp"

namespace loadgen::services::platform {

class Call;
struct Failure;

/// Makes the error body of a service: one of error_shapes in answers.hpp.
using ErrorShape = http::Response (*)(const Call& call, const Failure& failure);

/// Where an answer goes: the worker that took the request. Outlives its calls' answers.
class CallOwner {
  public:
    /// Loop thread. The call is over afterwards.
    virtual void send(Call& call, http::Response&& response) = 0;
    /// The same for an answer whose body follows. The default sends `head` alone and gives a stream that is
    /// over.
    virtual std::shared_ptr<Stream> open_stream(Call& call, http::Response&& head);
    /// Closes the connection without an answer. The call is over afterwards. The default answers 503.
    virtual void hang_up(Call& call);
    /// The server takes leave: what can end early should.
    virtual bool draining() const { return false; }

  protected:
    ~CallOwner() = default;
};

/// A request, what its pattern captured, and what is to be logged about it. Shared by the connection and
/// whoever answers. Everything except `loop().post` belongs to the loop's thread; a thread of a store or a
/// bus only holds it until it has posted the outcome. Every call is answered, also when its client has gone
/// meanwhile.
class Call : public std::enable_shared_from_this<Call> {
  public:
    Call(Loop& loop, CallOwner& owner, http::Request&& request);
    virtual ~Call() = default;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    const http::Request& request() const { return request_; }
    /// The target without its query (RFC 3986 section 3.3), still percent-encoded; "*" for OPTIONS *.
    std::string_view path() const { return path_; }
    /// What follows the first '?'; empty without one.
    std::string_view query() const { return query_; }
    /// The decoded segment that the pattern's {name} matched; empty when the pattern has none of this name.
    std::string_view parameter(std::string_view name) const;
    void add_parameter(std::string_view name, std::string value);

    Loop& loop() { return loop_; }
    Instant started() const { return started_; }

    /// Answers. Only the first answer counts.
    void answer(http::Response response);
    /// Answers with a body that is written piece by piece; `head.body` must be empty. Middlewares see the
    /// head only. The stream is over from the start when it has no listener: the client has left, the call
    /// was answered before, the method is HEAD.
    std::shared_ptr<Stream> answer_stream(http::Response head);
    bool answered() const { return owner_ == nullptr; }
    /// Closes the client's connection without an answer, and with it what else it carries: a fault on
    /// purpose. Not from within a handler or a middleware, whose connection is still at work: post it.
    void hang_up();

    /// For answers that wait for something to happen (long polls): `leave` is called when the server begins
    /// to drain before this call is answered, or soon if it drains already. It should answer.
    /// Such a call may wait for twice the server's handler_timeout.
    void on_drain(std::function<void()> leave);
    bool waits_on_purpose() const { return leave_ != nullptr; }
    void notify_drain();  ///< by the connection

    /// The pattern that the router matched ("/orders/{orderId}"); empty before, and when none did. Lives as
    /// long as the call is unanswered.
    std::string_view route() const { return route_; }
    void set_route(std::string_view pattern) { route_ = pattern; }
    /// How this service words failures; null: as the birthday service does.
    ErrorShape error_shape() const { return error_shape_; }
    void set_error_shape(ErrorShape shape) { error_shape_ = shape; }

    telemetry::Span span;        ///< the request's server span, by the Tracing middleware
    auth::Identity identity;     ///< by the Authentication middleware
    std::string id;              ///< correlates answer and logs
    std::string correlation_id;  ///< the client's or our own name of the business step, by CorrelationId
    std::string_view peer;       ///< the client's address without its port; lives as long as the call
    std::string message;         ///< for the log: what the client was told
    std::string error;           ///< for the log only: why it went wrong
    std::size_t middlewares_passed = 0;  ///< kept by the dispatcher

  private:
    Loop& loop_;
    CallOwner* owner_;
    http::Request request_;
    std::string_view path_;
    std::string_view query_;
    std::string_view route_;
    ErrorShape error_shape_ = nullptr;
    std::function<void()> leave_;
    Instant started_;
    std::vector<std::pair<std::string_view, std::string>> parameters_;
};

using CallPtr = std::shared_ptr<Call>;

}  // namespace loadgen::services::platform
