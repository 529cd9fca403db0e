#include "reports/model/plot_failures.hpp"

#include <algorithm>
#include <limits>

#include "common/base/cause.hpp"

namespace loadgen::reports {
namespace {

constexpr std::size_t kNoResponse = kCauseCount;
constexpr std::size_t kOtherStatus = kCauseCount + 1;

std::size_t group_number(Cause cause) {
    return static_cast<std::size_t>(cause);
}

std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
    return value / divisor - (value % divisor < 0 ? 1 : 0);
}

}  // namespace

std::string_view failure_group_name(std::size_t group) {
    if (group < kCauseCount) return cause_name(static_cast<Cause>(group));
    return group == kNoResponse ? "no-response" : "other-status";
}

std::size_t failure_group(const runlog::Record& record) {
    if (record.detail && record.detail->cause != Cause::kOk) return group_number(record.detail->cause);
    if (record.code == 0) return kNoResponse;
    if (record.code == 429) return group_number(Cause::kThrottled);
    if (record.code >= 500) return group_number(Cause::kHttp5xx);
    return record.code >= 400 ? group_number(Cause::kHttp4xx) : kOtherStatus;
}

bool is_failure(const runlog::Record& record) {
    return !record.success() || !record.error.empty() ||
           (record.detail && record.detail->cause != Cause::kOk);
}

std::uint32_t FailureLog::kind_of(std::size_t attack, const runlog::Record& record) {
    KindKey key{attack, failure_group(record), record.code,
                record.error.substr(0, FailureKind::kErrorTextLimit)};
    auto found = kind_index_.find(key);
    if (found != kind_index_.end()) return found->second;
    if (kinds_.size() >= kKindLimit) {
        std::get<3>(key) = kOtherText;
        if (kinds_.size() >= 2 * kKindLimit) std::get<2>(key) = 0;  // a hostile file has 65536 statuses
        found = kind_index_.find(key);
        if (found != kind_index_.end()) return found->second;
    }
    const auto index = static_cast<std::uint32_t>(kinds_.size());
    FailureKind kind;
    std::tie(kind.attack, kind.group, kind.code, kind.error) = key;
    kind.first_ns = std::numeric_limits<std::int64_t>::max();
    kind.last_ns = std::numeric_limits<std::int64_t>::min();
    kinds_.push_back(std::move(kind));
    kind_index_.emplace(std::move(key), index);
    return index;
}

void FailureLog::add(std::size_t attack, std::int64_t time, const runlog::Record& record) {
    const std::int64_t latency = std::max<std::int64_t>(record.latency.count(), 0);
    const std::uint32_t index = kind_of(attack, record);
    FailureKind& kind = kinds_[index];
    ++kind.count;
    kind.first_ns = std::min(kind.first_ns, time);
    kind.last_ns = std::max(kind.last_ns, time);
    kind.longest_ns = std::max(kind.longest_ns, latency);
    ++count_;

    const FailurePoint point{time, latency, latency, index, 1};
    if (cell_.count() != 0) return gather(point);
    exact_.push_back(point);
    if (exact_.size() <= limit_) return;
    cell_ = kFirstCell;
    for (const FailurePoint& kept : exact_) gather(kept);
    exact_ = {};
}

void FailureLog::gather(const FailurePoint& point) {
    merge(floor_divide(point.time_ns, cell_.count()), point.kind,
          Cell{point.latency_ns, point.shortest_ns, point.count});
    // Ends, because the widest cells are two a kind: before and after the origin of time.
    while (cells_.size() > std::max(limit_, 2 * kinds_.size())) widen_cells();
}

void FailureLog::merge(std::int64_t index, std::uint32_t kind, const Cell& cell) {
    auto [entry, fresh] = cells_.try_emplace({index, kind}, cell);
    if (fresh) return;
    Cell& present = entry->second;
    present.longest_ns = std::max(present.longest_ns, cell.longest_ns);
    present.shortest_ns = std::min(present.shortest_ns, cell.shortest_ns);
    present.count += cell.count;
}

void FailureLog::widen_cells() {
    auto narrow = std::exchange(cells_, {});
    cell_ *= 2;
    for (const auto& [key, cell] : narrow) merge(floor_divide(key.first, 2), key.second, cell);
}

std::vector<FailurePoint> FailureLog::points() const {
    std::vector<FailurePoint> result = exact_;
    for (const auto& [key, cell] : cells_) {
        result.push_back(
            {key.first * cell_.count(), cell.longest_ns, cell.shortest_ns, key.second, cell.count});
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; });
    return result;
}

}  // namespace loadgen::reports
