// W3C Trace Context, level 2: who a span is, and how it travels in headers (traceparent, tracestate).
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/http/header.hpp"

namespace loadgen::telemetry {

/// 16 bytes, not all zero when valid. Text form: 32 lower-case hex digits (section 3.2.2.3).
struct TraceId {
    std::array<std::uint8_t, 16> bytes{};
    bool valid() const {
        // By words: ids are written by words, and a wider load would have to wait for them.
        const auto words = std::bit_cast<std::array<std::uint64_t, 2>>(bytes);
        return (words[0] | words[1]) != 0;
    }
    std::string text() const;
    friend bool operator==(const TraceId&, const TraceId&) = default;
};

/// 8 bytes, not all zero when valid. Text form: 16 lower-case hex digits.
struct SpanId {
    std::array<std::uint8_t, 8> bytes{};
    bool valid() const { return std::bit_cast<std::uint64_t>(bytes) != 0; }
    std::string text() const;
    friend bool operator==(const SpanId&, const SpanId&) = default;
};

inline constexpr std::uint8_t kSampledFlag = 0x01;
inline constexpr std::uint8_t kRandomFlag = 0x02;  ///< level 2: the last 7 bytes of the trace id are random

/// The identity of a span: what its children name as their parent and its links point at. A value.
struct SpanContext {
    TraceId trace_id;
    SpanId span_id;
    std::uint8_t flags = 0;
    std::string state;    ///< tracestate, checked and normalised; empty for none
    bool remote = false;  ///< came from another process

    bool valid() const { return trace_id.valid() && span_id.valid(); }
    bool sampled() const { return (flags & kSampledFlag) != 0; }
    friend bool operator==(const SpanContext&, const SpanContext&) = default;
};

/// Reads one traceparent value (sections 3.2 and 3.2.4: later versions are read as far as version 00 goes).
/// The context is remote. None when the value is malformed in any way.
std::optional<SpanContext> parse_traceparent(std::string_view value);

/// "00-<trace id>-<span id>-<flags>"; only the flags that version 00 defines.
std::string format_traceparent(const SpanContext& context);

/// Checks and normalises a whole tracestate (section 3.3; several fields are joined with commas first). Empty
/// members are dropped; none when a member is malformed, a key comes twice, or there are more than 32. Keeps
/// at least 512 characters; beyond that it drops whole members, those above 128 characters first
/// (section 3.3.1.5).
std::optional<std::string> parse_tracestate(std::string_view value);

/// The context that a request's fields carry. None when traceparent is absent, malformed or there twice: a
/// new trace starts then. A bad tracestate loses only itself.
std::optional<SpanContext> extract(const http::Headers& headers);

/// Adds traceparent, and tracestate when there is one, replacing fields of these names.
void inject(const SpanContext& context, http::Headers& headers);

}  // namespace loadgen::telemetry
