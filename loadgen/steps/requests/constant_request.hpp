// Request steps without anything of the user or the moment in them: rendered once a thread, not once a user.
#pragma once

#include <cstdint>
#include <memory>

#include "loadgen/plan/request.hpp"
#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// The request of the step with this number when it is the same for every user: made when first asked for,
/// then handed out without allocating. Null when it is not, or when this user has cookies to send.
std::shared_ptr<const plan::Request> constant_request(Stage& stage, User& user, const plan::RequestStep& step,
                                                      std::uint32_t number);

}  // namespace loadgen::steps
