// Stock of one product: what is there, what is promised, what is left to promise.
#pragma once

#include <cstdint>
#include <string>

namespace loadgen::services::inventory {

struct Stock {
    std::string product_id;
    double level = 0;          ///< pieces in the house
    double reserved = 0;       ///< of those, promised to confirmed orders
    std::int64_t version = 0;  ///< grows with every change, so that late news is known as late

    double available() const { return level - reserved; }
    bool can_reserve() const { return available() > 0; }
    /// One piece is promised.
    void reserve() { reserved += 1; }
    /// A promised piece leaves the house.
    void dispatch() {
        reserved -= 1;
        level -= 1;
    }
};

}  // namespace loadgen::services::inventory
