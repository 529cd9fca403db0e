// Takes each request of a worker through the middlewares to its handler, and each answer back.
#pragma once

#include "services/platform/middleware.hpp"
#include "services/platform/router.hpp"

namespace loadgen::services::platform {

/// Routes and middlewares of one worker thread.
class Dispatcher {
  public:
    Dispatcher(Router router, Middlewares middlewares)
        : router_(std::move(router)), middlewares_(std::move(middlewares)) {}

    /// Leads to exactly one `call->answer`, unless the handler forgets it. A handler that throws answers 500.
    void dispatch(const CallPtr& call);
    /// For the call's owner: what the middlewares do to an answer before it is sent.
    void finish(Call& call, http::Response& response);

  private:
    void route(const CallPtr& call);

    Router router_;
    Middlewares middlewares_;
};

}  // namespace loadgen::services::platform
