// Latency counts between bounds that the user chose: vegeta's hist report and -buckets.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace loadgen::reports {

/// Bucket i counts latencies from bounds()[i] to below bounds()[i + 1]; the last one everything above.
class LatencyBuckets {
  public:
    /// "[0,1ms,10ms]". A bound of 0 is put in front when the first one is above. The error says what was
    /// found.
    static Result<LatencyBuckets> parse(std::string_view text);

    void add(Nanos latency);

    const std::vector<Nanos>& bounds() const { return bounds_; }
    const std::vector<std::uint64_t>& counts() const { return counts_; }
    std::uint64_t total() const { return total_; }

  private:
    explicit LatencyBuckets(std::vector<Nanos> bounds)
        : bounds_(std::move(bounds)), counts_(bounds_.size()) {}

    std::vector<Nanos> bounds_;
    std::vector<std::uint64_t> counts_;
    std::uint64_t total_ = 0;
};

}  // namespace loadgen::reports
