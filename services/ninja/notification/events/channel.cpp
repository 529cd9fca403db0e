#include "services/ninja/notification/events/channel.hpp"

namespace loadgen::services::ninja::notification {

void LogChannel::send(const Notification& notification, std::function<void(Result<void>)> sent) {
    logger_.log(telemetry::LogLevel::kInfo, "notification",
                {{"id", std::string_view(notification.id)},
                 {"subject", std::string_view(notification.subject)},
                 {"text", std::string_view(notification.message)}});
    sent({});
}

}  // namespace loadgen::services::ninja::notification
