// BusCounters while they are being counted.
#pragma once

#include <atomic>
#include <cstdint>

#include "services/bus/bus.hpp"

namespace loadgen::services::bus::detail {

/// Thread-safe.
struct Counters {
    std::atomic<std::uint64_t> published{0};
    std::atomic<std::uint64_t> copies{0};
    std::atomic<std::uint64_t> duplicates{0};
    std::atomic<std::uint64_t> unrouted{0};
    std::atomic<std::uint64_t> delivered{0};
    std::atomic<std::uint64_t> redelivered{0};
    std::atomic<std::uint64_t> settled{0};
    std::atomic<std::uint64_t> dead{0};

    BusCounters read() const {
        return {.published = published.load(),
                .copies = copies.load(),
                .duplicates = duplicates.load(),
                .unrouted = unrouted.load(),
                .delivered = delivered.load(),
                .redelivered = redelivered.load(),
                .settled = settled.load(),
                .dead = dead.load()};
    }
};

}  // namespace loadgen::services::bus::detail
