#include "loadgen/pacing/limit.hpp"

#include <algorithm>

namespace loadgen::pacing {

DurationLimit::DurationLimit(std::unique_ptr<Schedule> whole, Nanos duration)
    : whole_(std::move(whole)), duration_(duration) {}

std::optional<Nanos> DurationLimit::advance(std::uint64_t n) {
    if (ended_) return std::nullopt;
    const std::optional<Nanos> due = whole_->advance(n);
    if (due && *due <= duration_) return due;
    ended_ = true;
    return std::nullopt;
}

double DurationLimit::rate_at(Nanos offset) const {
    return offset < duration_ ? whole_->rate_at(offset) : 0;
}

std::optional<Nanos> DurationLimit::end() const {
    return std::min(whole_->end().value_or(duration_), duration_);
}

std::unique_ptr<Schedule> DurationLimit::clone() const {
    return std::make_unique<DurationLimit>(whole_->clone(), duration_);
}

CountLimit::CountLimit(std::unique_ptr<Schedule> whole, std::uint64_t count)
    : whole_(std::move(whole)), count_(count), left_(count) {}

std::optional<Nanos> CountLimit::advance(std::uint64_t n) {
    if (n > left_) {
        left_ = 0;
        return std::nullopt;
    }
    left_ -= n;
    return whole_->advance(n);
}

std::unique_ptr<Schedule> CountLimit::clone() const {
    return std::make_unique<CountLimit>(whole_->clone(), count_);
}

}  // namespace loadgen::pacing
