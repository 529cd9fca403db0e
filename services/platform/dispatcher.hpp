// Takes each request of a worker through the middlewares to its handler, and each answer back.
#pragma once

#include "services/platform/middleware.hpp"
#include "services/platform/router.hpp"

namespace loadgen::services::platform {

class Dispatcher;

/// Stands between the middlewares and the handlers. True: the call goes on at once. False: the gate has taken
/// it over, and will call `handle`, answer, or hang up; never from within this call. Loop thread only.
using Gate = std::function<bool(const CallPtr& call, Dispatcher& dispatcher)>;

/// Routes and middlewares of one worker thread.
class Dispatcher {
  public:
    /// `shape` words the failures of this service, its own and those found before a handler: 400, 404, 405,
    /// 413, 429, 500, 503. Null: as the birthday service does.
    Dispatcher(Router router, Middlewares middlewares, ErrorShape shape = nullptr)
        : router_(std::move(router)), middlewares_(std::move(middlewares)), shape_(shape) {}

    /// Leads to exactly one `call->answer`, unless the handler forgets it. A handler that throws answers 500.
    void dispatch(const CallPtr& call);
    /// The second half of that: from the gate on.
    void handle(const CallPtr& call);
    /// Before any traffic.
    void set_gate(Gate gate) { gate_ = std::move(gate); }
    /// For the call's owner: what the middlewares do to an answer before it is sent.
    void finish(Call& call, http::Response& response);

  private:
    void route(const CallPtr& call);

    Router router_;
    Middlewares middlewares_;
    ErrorShape shape_;
    Gate gate_;
};

}  // namespace loadgen::services::platform
