// What the routes of both twins read from a request, besides its body's own members. Each function that finds
// something wrong has answered the call and returns none.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "services/ninja/shared/configuration_source.hpp"
#include "services/platform/call.hpp"
#include "services/runtime/service.hpp"

namespace loadgen::services::ninja {

/// The configuration that counts now, or null and 500.
std::shared_ptr<const Configuration> require_configuration(platform::Call& call, ConfigurationSource& source);

/// Ids are uuids of either case, given back in lower case; anything else is 400.
/// From the header field `name` ("order_id"), or the same with '-' for '_', which fewer proxies drop.
std::optional<std::string> id_from_header(platform::Call& call, std::string_view name);
std::optional<std::string> id_from_path(platform::Call& call, std::string_view name);
std::optional<std::string> id_from_body(platform::Call& call, std::string_view name);

/// The Idempotency-Key; empty when the client sent none; 400 for a bad or repeated one.
std::optional<std::string> idempotency_key(platform::Call& call);

/// Says in the log what the flags are for this customer; nothing else depends on them.
void log_flags(const runtime::ServiceContext& context, const platform::Call& call,
               const Configuration& configuration, std::string_view customer_name);

}  // namespace loadgen::services::ninja
