// A service's parts without a service: store, bus, outbox and consumers as a host puts them together, and a
// collector of the spans that end.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/telemetry/sdk.hpp"
#include "services/runtime/messaging/event_consumers.hpp"
#include "services/runtime/messaging/inbox.hpp"
#include "services/runtime/messaging/outbox.hpp"

namespace loadgen::services::runtime {

/// Keeps every span.
class SpanCollector final : public telemetry::SpanProcessor {
  public:
    void on_end(std::unique_ptr<telemetry::SpanData> span) override;
    /// Copies of those with this name so far.
    std::vector<telemetry::SpanData> named(std::string_view name) const;

  private:
    mutable std::mutex mutex_;
    std::vector<telemetry::SpanData> spans_;
};

class NoFaults final : public Faults {
  public:
    bool active() const override { return false; }
    Fault for_route(std::string_view, std::string_view) override { return {}; }
    Fault for_consumer(std::string_view, std::string_view) override { return {}; }
    std::optional<TraceDefect> trace_defect(std::string_view, DefectPlace) override { return std::nullopt; }
    void refresh() override {}
};

/// Collects log lines.
class LogCollector final : public telemetry::LogSink {
  public:
    void write_line(std::string_view line) override;
    bool contains(std::string_view text) const;

  private:
    mutable std::mutex mutex_;
    std::string lines_;
};

/// One on a folder of its own. `close` and a new one on the same folder is a restart.
class Ground {
  public:
    explicit Ground(const std::filesystem::path& folder, Settings settings = {});
    ~Ground();

    /// Runs one transaction and waits for its commit.
    Result<void> transact(std::function<Result<void>(Transaction&)> work);
    /// The number that `sql` selects.
    std::int64_t number(std::string_view sql);
    void start_consumers();

    Settings settings;
    SpanCollector spans;
    LogCollector log;
    telemetry::Logger logger{log, telemetry::LogLevel::kWarn};
    telemetry::Tracer tracer{&spans};
    std::unique_ptr<telemetry::Sdk> sdk;
    telemetry::Meter& meter;
    NoFaults faults;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<bus::Bus> bus;
    Background background;
    TransactionParts transactions{system_clock(), 1, nullptr};
    std::shared_ptr<OutboxRelay> outbox;
    std::unique_ptr<EventConsumers> consumers;
    telemetry::SpanContext last_transaction;
};

/// Waits until `condition` holds; false after ten seconds.
bool eventually(const std::function<bool()>& condition);

}  // namespace loadgen::services::runtime
