// The percentiles our reports show, once for text and JSON.
#pragma once

#include <array>
#include <string_view>

namespace loadgen::reports {

struct PercentileColumn {
    std::string_view title;  ///< "99.9"
    std::string_view key;    ///< "p99.9"
    double quantile;
};

inline constexpr std::array<PercentileColumn, 6> kPercentileColumns{{{"50", "p50", 0.50},
                                                                     {"90", "p90", 0.90},
                                                                     {"95", "p95", 0.95},
                                                                     {"99", "p99", 0.99},
                                                                     {"99.9", "p99.9", 0.999},
                                                                     {"99.99", "p99.99", 0.9999}}};

}  // namespace loadgen::reports
