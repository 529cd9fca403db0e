// The ninja notification service, for the table of services.
#pragma once

#include <memory>

#include "services/runtime/service.hpp"

namespace loadgen::services::ninja {

/// Writes notifications to the log.
extern const runtime::ServiceType kNinjaNotification;

namespace notification {

class Channel;

/// The same with another channel, for a ServiceType of its own.
std::unique_ptr<runtime::Service> make_service(runtime::ServiceContext& context,
                                               std::unique_ptr<Channel> channel);

}  // namespace notification
}  // namespace loadgen::services::ninja
