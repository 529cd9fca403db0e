#include "common/stats/interval_series.hpp"

#include <algorithm>
#include <cassert>

namespace loadgen::stats {
namespace {

std::size_t even(std::size_t capacity) {
    return std::max<std::size_t>(capacity + capacity % 2, 2);
}

std::size_t interval_of(Nanos offset, Nanos step) {
    return static_cast<std::size_t>(std::max(offset, Nanos(0)) / step);
}

/// Merges neighbours: 0 and 1 to 0, 2 and 3 to 1; a last one without a neighbour stands alone.
template <typename Item, typename Add>
void merge_pairs(std::vector<Item>& items, Add add) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (i % 2 == 1) {
            add(items[i / 2], items[i]);
        } else if (i != 0) {
            items[i / 2] = std::move(items[i]);
        }
    }
    items.resize((items.size() + 1) / 2);
}

}  // namespace

IntervalCounters& IntervalCounters::operator+=(const IntervalCounters& other) {
    sent += other.sent;
    completed += other.completed;
    failed += other.failed;
    bytes_in += other.bytes_in;
    bytes_out += other.bytes_out;
    return *this;
}

CounterSeries::CounterSeries(Nanos step, std::size_t capacity)
    : first_step_(step), step_(step), capacity_(even(capacity)) {
    assert(step.count() > 0);
    intervals_.reserve(capacity_);  // the system gives memory when it is first touched
}

void CounterSeries::add(Nanos offset, const IntervalCounters& counters) {
    while (interval_of(offset, step_) >= capacity_) halve();
    const std::size_t interval = interval_of(offset, step_);
    if (interval >= intervals_.size()) intervals_.resize(interval + 1);
    intervals_[interval] += counters;
}

void CounterSeries::halve() {
    merge_pairs(intervals_, [](IntervalCounters& into, const IntervalCounters& from) { into += from; });
    step_ *= 2;
}

void CounterSeries::merge(const CounterSeries& other) {
    assert(first_step_ == other.first_step_);
    capacity_ = std::max(capacity_, other.capacity_);
    while (step_ < other.step_) halve();
    for (std::size_t i = 0; i < other.size(); ++i) {
        if (other.at(i) != IntervalCounters{}) add(other.step_ * static_cast<std::int64_t>(i), other.at(i));
    }
}

HistogramSeries::HistogramSeries(Nanos step, std::size_t capacity)
    : first_step_(step), step_(step), capacity_(even(capacity)) {
    assert(step.count() > 0);
    resting_.reserve(capacity_);
}

void HistogramSeries::record(Nanos offset, Nanos value) {
    std::size_t interval = interval_of(offset, step_);
    while (interval >= capacity_) {
        halve();
        interval = interval_of(offset, step_);
    }
    Live& newest = live_[newest_];
    Live& live = newest.last_use != 0 && newest.interval == interval ? newest : open(interval);
    live.histogram.record(value);
}

HistogramSeries::Live& HistogramSeries::open(std::size_t interval) {
    Live* idle = &live_.front();
    for (Live& live : live_) {
        if (live.last_use != 0 && live.interval == interval) {
            idle = &live;
            break;
        }
        if (live.last_use < idle->last_use) idle = &live;
    }
    if (idle->last_use == 0 || idle->interval != interval) close(*idle);
    if (interval >= resting_.size()) resting_.resize(interval + 1);
    idle->interval = interval;
    idle->last_use = ++uses_;
    newest_ = static_cast<std::size_t>(idle - live_.data());
    return *idle;
}

void HistogramSeries::close(Live& live) {
    if (live.last_use == 0) return;
    resting_[live.interval].add(live.histogram);
    live.histogram.reset();
    live.last_use = 0;
}

void HistogramSeries::close_all() {
    for (Live& live : live_) close(live);
}

void HistogramSeries::halve() {
    close_all();
    merge_pairs(resting_, [](PackedHistogram& into, const PackedHistogram& from) { into.add(from); });
    step_ *= 2;
}

void HistogramSeries::merge(const HistogramSeries& other) {
    assert(first_step_ == other.first_step_);
    close_all();
    capacity_ = std::max(capacity_, other.capacity_);
    while (step_ < other.step_) halve();
    for (std::size_t i = 0; i < other.size(); ++i) {
        const Histogram theirs = other.at(i);
        if (theirs.count() == 0) continue;
        const Nanos offset = other.step_ * static_cast<std::int64_t>(i);
        while (interval_of(offset, step_) >= capacity_) halve();
        const std::size_t interval = interval_of(offset, step_);
        if (interval >= resting_.size()) resting_.resize(interval + 1);
        resting_[interval].add(theirs);
    }
}

Histogram HistogramSeries::at(std::size_t interval) const {
    Histogram histogram = resting_[interval].unpack();
    for (const Live& live : live_) {
        if (live.last_use != 0 && live.interval == interval) histogram.merge(live.histogram);
    }
    return histogram;
}

std::size_t HistogramSeries::packed_bytes() const {
    std::size_t bytes = 0;
    for (const PackedHistogram& packed : resting_) bytes += packed.bytes();
    return bytes;
}

}  // namespace loadgen::stats
