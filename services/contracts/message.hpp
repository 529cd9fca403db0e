// The message of the bus around an event: what a queue hands to a consumer (docs/events.md).
#pragma once

#include <string>
#include <string_view>

#include "common/base/time.hpp"

namespace loadgen::services::contracts {

struct Message {
    std::string_view id;      ///< the bus's own, not the event's
    std::string_view type;    ///< "detail-type"
    std::string_view source;  ///< "dev.orders"
    WallTime time;            ///< whole seconds are written
    std::string_view detail;  ///< one JSON object, taken over byte for byte
};

/// {"version":"0","id":...,"detail-type":...,"source":...,"account":"local","time":"2025-01-01T10:00:00Z",
/// "region":"local","resources":[],"detail":{...}}
std::string write_message(const Message& message);

}  // namespace loadgen::services::contracts
