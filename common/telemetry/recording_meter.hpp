// The Meter that keeps what is counted and hands it to an exporter.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "common/telemetry/metrics.hpp"
#include "common/telemetry/otlp_encoder.hpp"

namespace loadgen::telemetry {

/// Cumulative since construction. Attributes are a set: their order does not matter. Beyond `max_points`
/// attribute sets of one instrument, all further ones share one whose only attribute is
/// `otel.metric.overflow`; further observed values are left out. Thread-safe.
class RecordingMeter final : public Meter {
  public:
    static constexpr std::size_t kDefaultMaxPoints = 2000;

    explicit RecordingMeter(std::size_t scope = 0, const Clock& clock = system_clock(),
                            std::size_t max_points = kDefaultMaxPoints)
        : scope_(scope), clock_(clock), max_points_(max_points), start_(clock.wall_now()) {}

    Counter& counter(std::string_view name, std::string_view unit, Attributes attributes = {}) override;
    DurationHistogram& durations(std::string_view name, Attributes attributes = {}) override;
    void gauge(std::string_view name, std::string_view unit, std::function<double()> read,
               Attributes attributes = {}) override;
    /// A sum that goes up and down, asked for at each export like a gauge.
    void up_down_counter(std::string_view name, std::string_view unit, std::function<double()> read,
                         Attributes attributes = {});
    /// A counter that is kept elsewhere.
    void observed_counter(std::string_view name, std::string_view unit, std::function<std::uint64_t()> read,
                          Attributes attributes = {});

    MeterSnapshot collect() const;

  private:
    struct Instrument {
        Attributes attributes;
        Counter counter;
        std::unique_ptr<DurationHistogram> durations;
        std::function<double()> read;
        std::function<std::uint64_t()> read_count;
    };
    struct Family {
        std::string unit;
        std::map<std::string, std::unique_ptr<Instrument>> points;  // by the text of the attributes
    };
    using FamilyKey = std::pair<std::string, MetricKind>;

    /// Null when the family is full and `may_overflow` is not set.
    Instrument* find_or_add(FamilyKey key, std::string_view unit, Attributes attributes, bool may_overflow);
    void observe(FamilyKey key, std::string_view unit, std::function<double()> read,
                 std::function<std::uint64_t()> read_count, Attributes attributes);
    static MetricPoint read_point(const Instrument& instrument);

    const std::size_t scope_;
    const Clock& clock_;
    const std::size_t max_points_;
    const WallTime start_;
    mutable std::mutex mutex_;
    std::map<FamilyKey, Family> families_;  // guarded by mutex_
};

}  // namespace loadgen::telemetry
