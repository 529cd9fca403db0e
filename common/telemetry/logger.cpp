#include "common/telemetry/logger.hpp"

#include <array>
#include <chrono>
#include <cstdio>

#include "common/telemetry/detail/hex.hpp"
#include "common/text/json_writer.hpp"

namespace loadgen::telemetry {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warn", "error"};

// The names that OpenTelemetry gives these for logs in formats of others.
void append_context(std::string& line, const SpanContext& context) {
    line += ",\"trace_id\":\"";
    detail::append_lower_hex(line, context.trace_id.bytes);
    line += "\",\"span_id\":\"";
    detail::append_lower_hex(line, context.span_id.bytes);
    line += "\",\"trace_flags\":\"";
    detail::append_lower_hex(line, {&context.flags, 1});
    line += '"';
}

}  // namespace

std::string_view log_level_name(LogLevel level) {
    return kLevelNames[static_cast<std::size_t>(level)];
}

std::optional<LogLevel> log_level_from_name(std::string_view name) {
    for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
        if (kLevelNames[i] == name) return static_cast<LogLevel>(i);
    }
    return std::nullopt;
}

void Logger::log(const SpanContext& context, LogLevel level, std::string_view message,
                 std::initializer_list<LogField> fields) const {
    if (!enabled(level)) return;
    // Kept from line to line, so that logging allocates only until the longest line was seen.
    thread_local std::string line;
    line = "{\"time\":\"";
    append_rfc3339(line, clock_.wall_now());
    line += "\",\"level\":\"";
    line += log_level_name(level);
    line += "\",\"message\":";
    text::append_json_string(line, message);
    if (context.valid()) append_context(line, context);
    for (const LogField& field : fields) {
        line += ',';
        text::append_json_string(line, field.name);
        line += ':';
        if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
            line += std::to_string(*number);
        } else {
            text::append_json_string(line, std::get<std::string_view>(field.value));
        }
    }
    line += "}\n";
    sink_.write_line(line);
}

void append_rfc3339(std::string& out, WallTime time) {
    using namespace std::chrono;
    const sys_time<nanoseconds> point{nanoseconds(time.unix_ns)};
    const auto day = floor<days>(point);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<milliseconds>(point - day));
    std::array<char, 40> text{};
    const int length = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    out.append(text.data(), static_cast<std::size_t>(length));
}

}  // namespace loadgen::telemetry
