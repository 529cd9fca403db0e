#include "services/platform/dispatcher.hpp"

#include <exception>

#include "services/platform/error_body.hpp"

namespace loadgen::services::platform {
namespace {

constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;
constexpr int kMethodNotAllowed = 405;
constexpr int kInternalError = 500;

}  // namespace

void Dispatcher::dispatch(const CallPtr& call) {
    call->set_error_shape(shape_);
    for (const auto& middleware : middlewares_) {
        ++call->middlewares_passed;
        if (auto answer = middleware->on_request(*call)) {
            call->answer(std::move(*answer));
            return;
        }
    }
    if (gate_ != nullptr && !gate_(call, *this)) return;
    handle(call);
}

void Dispatcher::handle(const CallPtr& call) {
    try {
        route(call);
    } catch (const std::exception& failure) {
        // Libraries under a handler may throw; one request fails, the service goes on.
        call->error = failure.what();
        call->answer(error_response(*call, kInternalError, "internal error"));
    }
}

void Dispatcher::route(const CallPtr& call) {
    const Router::Match match = router_.find(*call);
    switch (match.outcome) {
        case Router::Outcome::kFound:
            (*match.handler)(call);
            return;
        case Router::Outcome::kNoSuchPath:
            call->answer(error_response(*call, kNotFound, "no such path"));
            return;
        case Router::Outcome::kBadEncoding:
            call->answer(error_response(*call, kBadRequest, "bad percent-encoding in the path"));
            return;
        case Router::Outcome::kNoSuchMethod: {
            http::Response response = error_response(*call, kMethodNotAllowed, "method not allowed");
            response.headers.push_back({"allow", match.allow});
            call->answer(std::move(response));
            return;
        }
    }
}

void Dispatcher::finish(Call& call, http::Response& response) {
    // Most of them add a field.
    response.headers.reserve(response.headers.size() + call.middlewares_passed);
    for (std::size_t i = call.middlewares_passed; i > 0; --i)
        middlewares_[i - 1]->on_response(call, response);
}

}  // namespace loadgen::services::platform
