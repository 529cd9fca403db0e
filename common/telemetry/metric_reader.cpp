#include "common/telemetry/metric_reader.hpp"

#include <algorithm>
#include <utility>

namespace loadgen::telemetry {

MetricReader::MetricReader(Nanos interval, Export export_metrics)
    : interval_(interval), export_(std::move(export_metrics)), thread_([this] { run(); }) {}

bool MetricReader::read_now(Nanos timeout) {
    std::unique_lock lock(mutex_);
    // An export that is under way may have asked its instruments before this call.
    const std::uint64_t goal = begun_ + 1;
    wanted_ = std::max(wanted_, goal);
    wake_.notify_one();
    return exported_.wait_for(lock, timeout, [&] { return finished_ >= goal; }) && last_failed_ < goal;
}

void MetricReader::shutdown() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void MetricReader::run() {
    std::unique_lock lock(mutex_);
    bool last = false;
    while (!last) {
        wake_.wait_for(lock, interval_, [this] { return stopping_ || begun_ < wanted_; });
        last = stopping_;
        ++begun_;
        lock.unlock();
        const bool taken = export_();
        lock.lock();
        if (!taken) last_failed_ = begun_;
        finished_ = begun_;
        exported_.notify_all();
    }
}

}  // namespace loadgen::telemetry
