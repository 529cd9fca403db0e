// Structured logs: one JSON object a line. Secrets never belong into a field.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/time.hpp"
#include "common/telemetry/log_sink.hpp"
#include "common/telemetry/trace_context.hpp"

namespace loadgen::telemetry {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };

/// "debug", "info", "warn", "error".
std::string_view log_level_name(LogLevel level);
std::optional<LogLevel> log_level_from_name(std::string_view name);

/// A member of the line. Text that is not UTF-8 is repaired; views must live until `log` returns.
struct LogField {
    std::string_view name;
    std::variant<std::string_view, std::int64_t> value;
};

/// Writes lines at or above a level: {"time":"2025-01-01T10:00:00.123Z","level":"warn","message":...,fields}.
/// Thread-safe; costs one comparison below the level.
class Logger {
  public:
    /// `sink` and `clock` must outlive the logger.
    Logger(LogSink& sink, LogLevel lowest, const Clock& clock = system_clock())
        : sink_(sink), lowest_(lowest), clock_(clock) {}

    bool enabled(LogLevel level) const { return level >= lowest_; }
    void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {}) const {
        log({}, level, message, fields);
    }
    /// Says also what the line belongs to: "trace_id", "span_id" and "trace_flags" in hex, behind the
    /// message. An invalid context adds nothing.
    void log(const SpanContext& context, LogLevel level, std::string_view message,
             std::initializer_list<LogField> fields = {}) const;

  private:
    LogSink& sink_;
    const LogLevel lowest_;
    const Clock& clock_;
};

/// Appends the RFC 3339 form in UTC with milliseconds: "2025-01-01T10:00:00.123Z".
void append_rfc3339(std::string& out, WallTime time);

}  // namespace loadgen::telemetry
