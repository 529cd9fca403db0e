#include "common/telemetry/recording_meter.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace loadgen::telemetry {
namespace {

// Length before text, so that no two different sets have the same key.
void append_part(std::string& key, std::string_view text) {
    key += std::to_string(text.size());
    key += ':';
    key += text;
}

struct ValueKey {
    std::string& key;
    void operator()(const std::string& text) const { append_part(key += 's', text); }
    void operator()(std::int64_t number) const { append_part(key += 'i', std::to_string(number)); }
    void operator()(double number) const {
        append_part(key += 'd', std::to_string(std::bit_cast<std::uint64_t>(number)));
    }
    void operator()(bool value) const { key += value ? 't' : 'f'; }
};

std::string key_of(Attributes& attributes) {
    std::sort(attributes.begin(), attributes.end(),
              [](const Attribute& a, const Attribute& b) { return a.key < b.key; });
    std::string key;
    for (const Attribute& attribute : attributes) {
        append_part(key, attribute.key);
        std::visit(ValueKey{key}, attribute.value);
    }
    return key;
}

}  // namespace

RecordingMeter::Instrument* RecordingMeter::find_or_add(FamilyKey key, std::string_view unit,
                                                        Attributes attributes, bool may_overflow) {
    const MetricKind kind = key.second;
    Family& family = families_.try_emplace(std::move(key), Family{std::string(unit), {}}).first->second;
    std::string point = key_of(attributes);
    auto found = family.points.find(point);
    if (found != family.points.end()) return found->second.get();
    if (family.points.size() >= max_points_) {
        if (!may_overflow) return nullptr;
        attributes = {{"otel.metric.overflow", true}};
        point = key_of(attributes);
        found = family.points.find(point);
        if (found != family.points.end()) return found->second.get();
    }
    auto instrument = std::make_unique<Instrument>();
    instrument->attributes = std::move(attributes);
    if (kind == MetricKind::kDurations) instrument->durations = std::make_unique<DurationHistogram>();
    return family.points.emplace(std::move(point), std::move(instrument)).first->second.get();
}

Counter& RecordingMeter::counter(std::string_view name, std::string_view unit, Attributes attributes) {
    const std::lock_guard lock(mutex_);
    return find_or_add({std::string(name), MetricKind::kCounter}, unit, std::move(attributes), true)->counter;
}

DurationHistogram& RecordingMeter::durations(std::string_view name, Attributes attributes) {
    const std::lock_guard lock(mutex_);
    return *find_or_add({std::string(name), MetricKind::kDurations}, "s", std::move(attributes), true)
                ->durations;
}

void RecordingMeter::gauge(std::string_view name, std::string_view unit, std::function<double()> read,
                           Attributes attributes) {
    observe({std::string(name), MetricKind::kGauge}, unit, std::move(read), nullptr, std::move(attributes));
}

void RecordingMeter::up_down_counter(std::string_view name, std::string_view unit,
                                     std::function<double()> read, Attributes attributes) {
    observe({std::string(name), MetricKind::kUpDownCounter}, unit, std::move(read), nullptr,
            std::move(attributes));
}

void RecordingMeter::observed_counter(std::string_view name, std::string_view unit,
                                      std::function<std::uint64_t()> read, Attributes attributes) {
    observe({std::string(name), MetricKind::kCounter}, unit, nullptr, std::move(read), std::move(attributes));
}

void RecordingMeter::observe(FamilyKey key, std::string_view unit, std::function<double()> read,
                             std::function<std::uint64_t()> read_count, Attributes attributes) {
    const std::lock_guard lock(mutex_);
    Instrument* instrument = find_or_add(std::move(key), unit, std::move(attributes), false);
    if (instrument == nullptr) return;
    instrument->read = std::move(read);
    instrument->read_count = std::move(read_count);
}

MetricPoint RecordingMeter::read_point(const Instrument& instrument) {
    MetricPoint point;
    point.attributes = instrument.attributes;
    point.count = instrument.read_count ? instrument.read_count() : instrument.counter.value();
    if (instrument.read) point.value = instrument.read();
    if (instrument.durations) {
        point.value = instrument.durations->sum_seconds();
        for (std::size_t i = 0; i < point.buckets.size(); ++i)
            point.buckets[i] = instrument.durations->bucket(i);
    }
    return point;
}

MeterSnapshot RecordingMeter::collect() const {
    MeterSnapshot snapshot{scope_, start_, clock_.wall_now(), {}};
    const std::lock_guard lock(mutex_);
    for (const auto& [key, family] : families_) {
        Metric metric{key.first, family.unit, key.second, {}};
        metric.points.reserve(family.points.size());
        for (const auto& [text, instrument] : family.points) metric.points.push_back(read_point(*instrument));
        snapshot.metrics.push_back(std::move(metric));
    }
    return snapshot;
}

}  // namespace loadgen::telemetry
