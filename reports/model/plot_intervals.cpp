#include "reports/model/plot_intervals.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace loadgen::reports {
namespace {

std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
    return value / divisor - (value % divisor < 0 ? 1 : 0);
}

std::vector<std::pair<int, std::uint64_t>> heat_of(const stats::Histogram& histogram) {
    std::vector<std::pair<int, std::uint64_t>> rows;
    if (histogram.count() == 0) return rows;
    const std::size_t last = stats::Histogram::index_of(histogram.max().count());
    for (std::size_t i = stats::Histogram::index_of(histogram.min().count()); i <= last; ++i) {
        const std::uint64_t count = histogram.count_at(i);
        if (count == 0) continue;
        const std::int64_t low = stats::Histogram::lowest_value_at(i);
        const int row = heat_row(low + (stats::Histogram::highest_value_at(i) - low) / 2);
        if (rows.empty() || rows.back().first != row) rows.emplace_back(row, 0);
        rows.back().second += count;
    }
    return rows;
}

}  // namespace

int heat_row(std::int64_t latency_ns) {
    if (latency_ns <= 1) return 0;
    return static_cast<int>(std::floor(std::log2(static_cast<double>(latency_ns)) * kHeatRowsPerOctave));
}

std::int64_t IntervalLog::Attack::span() const {
    return cells.empty() ? 0 : cells.rbegin()->first - cells.begin()->first + 1;
}

bool IntervalLog::too_many(const Attack& attack) const {
    return attack.span() > kIntervalLimit || total_ > std::max(kTotalLimit, 2 * attacks_.size());
}

IntervalLog::Cell& IntervalLog::cell_at(Attack& attack, std::int64_t time_ns) {
    const std::int64_t since = time_ns - attack.origin_ns;  // fits: neither is beyond 2^62
    for (;;) {
        auto [entry, fresh] = attack.cells.try_emplace(floor_divide(since, width_.count()));
        total_ += fresh ? 1 : 0;
        if (!fresh || !too_many(attack)) return entry->second;
        widen();
    }
}

void IntervalLog::add(std::size_t attack, std::int64_t time_ns, Nanos latency, bool failed,
                      std::size_t group) {
    if (attack >= attacks_.size()) attacks_.resize(attack + 1);
    Attack& own = attacks_[attack];
    if (own.cells.empty()) own.origin_ns = time_ns;
    Cell& due = cell_at(own, time_ns);
    due.response.record(latency);
    if (failed) {
        ++due.failed[group];
    } else {
        ++cell_at(own, time_ns + latency.count()).answered;
    }
}

void IntervalLog::widen() {
    width_ *= 2;
    for (Attack& attack : attacks_) {
        auto narrow = std::exchange(attack.cells, {});
        total_ -= narrow.size();
        for (auto& [index, cell] : narrow) {
            auto [entry, fresh] = attack.cells.try_emplace(floor_divide(index, 2), std::move(cell));
            total_ += fresh ? 1 : 0;
            if (fresh) continue;
            Cell& present = entry->second;
            present.response.merge(cell.response);
            present.answered += cell.answered;
            for (std::size_t i = 0; i < kFailureGroupCount; ++i) present.failed[i] += cell.failed[i];
        }
    }
}

void IntervalLog::settle() {
    for (;;) {
        std::uint64_t requests = 0;
        std::int64_t intervals = 0;
        std::int64_t fewest = 0;
        for (const Attack& attack : attacks_) {
            for (const auto& [index, cell] : attack.cells) requests += cell.response.count();
            intervals += attack.span();
            fewest = std::max(fewest, attack.span());
        }
        if (fewest < 2 * kFewest) return;
        if (requests >= kWantedRequests * static_cast<std::uint64_t>(intervals)) return;
        widen();
    }
}

void IntervalLog::fill(PlotInterval& interval, const Cell& cell) {
    interval.due = cell.response.count();
    interval.answered = cell.answered;
    interval.failed = cell.failed;
    interval.p50 = cell.response.value_at(0.5);
    interval.p99 = cell.response.value_at(0.99);
    interval.max = cell.response.max();
    interval.heat = heat_of(cell.response);
}

std::vector<PlotInterval> IntervalLog::intervals(std::size_t attack, const Bounds& bounds) const {
    std::vector<PlotInterval> result;
    if (attack >= attacks_.size() || attacks_[attack].cells.empty()) return result;
    const Attack& own = attacks_[attack];
    const std::int64_t first = own.cells.begin()->first;
    const std::int64_t offset = own.origin_ns - bounds.first_due_ns;
    const std::int64_t due_end = bounds.due_end_ns - bounds.first_due_ns;
    const std::int64_t answer_end = std::max(bounds.end_ns - bounds.first_due_ns, due_end);
    result.resize(static_cast<std::size_t>(own.span()));
    for (std::size_t i = 0; i < result.size(); ++i) {
        const std::int64_t lower = (first + static_cast<std::int64_t>(i)) * width_.count() + offset;
        const std::int64_t upper = lower + width_.count();
        const std::int64_t start = std::max<std::int64_t>(lower, 0);
        result[i].start = Nanos(start);
        result[i].due_span = Nanos(std::max<std::int64_t>(std::min(upper, due_end) - start, 0));
        result[i].answer_span = Nanos(std::max<std::int64_t>(std::min(upper, answer_end) - start, 0));
    }
    for (const auto& [index, cell] : own.cells) fill(result[static_cast<std::size_t>(index - first)], cell);
    return result;
}

}  // namespace loadgen::reports
