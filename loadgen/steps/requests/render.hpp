// A request step and a user's variables become a request.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "loadgen/plan/request.hpp"
#include "loadgen/steps/stage.hpp"

namespace loadgen::steps {

/// What a template or a hook puts into a field must not begin another one (RFC 9110 section 5.5). The error
/// begins with Node's code.
Result<void> check_fields(const http::Headers& fields);

/// Renders the step of this number (any other number when it is none of Program::requests). `changed`:
/// attributes that a beforeRequest hook replaced, as it left them; templates in them are still to be put in.
/// The error is what the user fails with.
Result<std::shared_ptr<plan::Request>> render(Stage& stage, User& user, const plan::RequestStep& step,
                                              std::uint32_t number,
                                              const std::vector<text::Value::Member>& changed);

}  // namespace loadgen::steps
