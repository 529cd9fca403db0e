// What is counted about one subscription (semantic conventions 1.44, messaging metrics, and a few of our
// own).
#pragma once

#include <string_view>

#include "common/telemetry/metrics.hpp"

namespace loadgen::services::runtime {

/// error.type of events that a service's function refused.
inline constexpr std::string_view kHandlerFailure = "handler";

/// The instruments, made once when consuming starts. Thread-safe; the meter outlives it.
struct ConsumerMetrics {
    ConsumerMetrics(telemetry::Meter& meter, std::string_view topic, std::string_view queue,
                    std::string_view group);

    telemetry::Counter& consumed;     ///< deliveries, repeated ones too
    telemetry::Counter& redelivered;  ///< of those, not for the first time
    telemetry::Counter& failed;       ///< deliveries whose event comes again or goes to the dead letters
    telemetry::Counter& repeated;     ///< deliveries whose event had its effect already
    telemetry::DurationHistogram& durations;
    telemetry::DurationHistogram& failed_durations;
    telemetry::DurationHistogram& age;  ///< of an event when its processing begins

  private:
    ConsumerMetrics(telemetry::Meter& meter, const telemetry::Attributes& receive,
                    const telemetry::Attributes& process);
};

}  // namespace loadgen::services::runtime
