#include "reports/model/latency_buckets.hpp"

#include <algorithm>
#include <string>

#include "common/base/duration_text.hpp"

namespace loadgen::reports {
namespace {

constexpr std::size_t kMaxBuckets = 1000;

Error bad_buckets(std::string_view text, std::string_view reason) {
    return {ErrorCode::kUsage, "bad buckets \"" + std::string(text.substr(0, 120)) + "\": " +
                                   std::string(reason) + ", expected rising durations such as [0,1ms,10ms]"};
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

Result<LatencyBuckets> LatencyBuckets::parse(std::string_view text) {
    if (text.size() < 2 || text.front() != '[' || text.back() != ']') {
        return bad_buckets(text, "no square brackets around them");
    }
    std::vector<Nanos> bounds;
    std::string_view rest = text.substr(1, text.size() - 2);
    while (true) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const auto bound = parse_duration(trimmed(rest.substr(0, comma)));
        if (!bound)
            return bad_buckets(text, bound.error().message.substr(0, bound.error().message.find(':')));
        if (*bound < Nanos(0)) return bad_buckets(text, "found one below 0");
        if (bounds.empty() && *bound > Nanos(0)) bounds.emplace_back(0);
        if (!bounds.empty() && *bound <= bounds.back()) {
            return bad_buckets(text,
                               format_duration(*bound) + " is not above " + format_duration(bounds.back()));
        }
        bounds.push_back(*bound);
        if (bounds.size() > kMaxBuckets) return bad_buckets(text, "more than 1000 bounds");
        if (comma == rest.size()) return LatencyBuckets(std::move(bounds));
        rest.remove_prefix(comma + 1);
    }
}

void LatencyBuckets::add(Nanos latency) {
    const auto above = std::upper_bound(bounds_.begin(), bounds_.end(), latency);
    const auto index = above == bounds_.begin() ? 0 : above - bounds_.begin() - 1;
    ++counts_[static_cast<std::size_t>(index)];
    ++total_;
}

}  // namespace loadgen::reports
