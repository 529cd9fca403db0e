// Following redirects (RFC 9110 section 15.4), as Go's client and so vegeta does.
#pragma once

#include <memory>
#include <string_view>

#include "common/base/result.hpp"
#include "loadgen/plan/request.hpp"

namespace loadgen::engine {

/// 301, 302, 303, 307 and 308.
bool is_redirect(int status);

/// The request that follows `from` after `status` with this Location: 301, 302 and 303 turn into GET without
/// a body (HEAD stays), 307 and 308 repeat method and body. Credentials do not travel to another host.
Result<std::shared_ptr<plan::Request>> follow_redirect(const plan::Request& from, int status,
                                                       std::string_view location);

}  // namespace loadgen::engine
