// What a service's outbox and its consumers share.
#pragma once

#include <string_view>

#include "common/telemetry/logger.hpp"
#include "common/telemetry/metrics.hpp"
#include "common/telemetry/tracer.hpp"
#include "services/bus/bus.hpp"
#include "services/runtime/background.hpp"
#include "services/runtime/faults/faults.hpp"
#include "services/runtime/settings.hpp"
#include "services/store/store.hpp"

namespace loadgen::services::runtime {

/// What bringing events from a service to the bus and from the bus to a service needs. Everything outlives
/// those who do it.
struct MessagingParts {
    std::string_view service;       ///< for spans, logs and faults
    std::string_view service_name;  ///< messaging.client.id
    const Settings& settings;
    store::Store& store;
    bus::Bus& bus;
    Background& background;
    const telemetry::Tracer& tracer;
    telemetry::Meter& meter;
    const telemetry::Logger& logger;
    const Clock& clock;
    Faults& faults;
};

}  // namespace loadgen::services::runtime
