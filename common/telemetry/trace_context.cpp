#include "common/telemetry/trace_context.hpp"

#include <span>
#include <utility>

#include "common/telemetry/detail/hex.hpp"

namespace loadgen::telemetry {
namespace {

using detail::append_lower_hex;
using detail::read_lower_hex;

constexpr std::string_view kTraceparent = "traceparent";
constexpr std::string_view kTracestate = "tracestate";

// version "-" trace-id "-" parent-id "-" trace-flags
constexpr std::size_t kTraceIdAt = 3;
constexpr std::size_t kSpanIdAt = 36;
constexpr std::size_t kFlagsAt = 53;
constexpr std::size_t kTraceparentLength = 55;
constexpr std::uint8_t kForbiddenVersion = 0xff;

// Optional whitespace around a field value is no part of it (RFC 9110 section 5.5); parsers that keep it
// exist.
std::string_view trim(std::string_view value) {
    const std::size_t first = value.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::string TraceId::text() const {
    std::string out;
    append_lower_hex(out, bytes);
    return out;
}

std::string SpanId::text() const {
    std::string out;
    append_lower_hex(out, bytes);
    return out;
}

std::optional<SpanContext> parse_traceparent(std::string_view value) {
    if (value.size() < kTraceparentLength) return std::nullopt;
    std::uint8_t version = 0;
    if (!read_lower_hex(value.substr(0, 2), {&version, 1}) || version == kForbiddenVersion)
        return std::nullopt;
    if (value[kTraceIdAt - 1] != '-' || value[kSpanIdAt - 1] != '-' || value[kFlagsAt - 1] != '-') {
        return std::nullopt;
    }
    if (value.size() > kTraceparentLength && (version == 0 || value[kTraceparentLength] != '-'))
        return std::nullopt;
    SpanContext context;
    if (!read_lower_hex(value.substr(kTraceIdAt, 32), context.trace_id.bytes) ||
        !read_lower_hex(value.substr(kSpanIdAt, 16), context.span_id.bytes) ||
        !read_lower_hex(value.substr(kFlagsAt, 2), {&context.flags, 1}) || !context.valid()) {
        return std::nullopt;
    }
    // Of a later version only the sampled bit has a known meaning (section 3.2.4).
    if (version != 0) context.flags &= kSampledFlag;
    context.remote = true;
    return context;
}

std::string format_traceparent(const SpanContext& context) {
    std::string out;
    out.reserve(kTraceparentLength);
    out += "00-";
    append_lower_hex(out, context.trace_id.bytes);
    out += '-';
    append_lower_hex(out, context.span_id.bytes);
    out += '-';
    const std::uint8_t flags = context.flags & (kSampledFlag | kRandomFlag);
    append_lower_hex(out, {&flags, 1});
    return out;
}

std::optional<SpanContext> extract(const http::Headers& headers) {
    std::optional<SpanContext> context;
    bool seen = false;
    std::string state;
    for (const http::Header& header : headers) {
        if (http::equal_name(header.name, kTraceparent)) {
            if (std::exchange(seen, true)) return std::nullopt;
            context = parse_traceparent(trim(header.value));
            if (!context) return std::nullopt;
        } else if (http::equal_name(header.name, kTracestate)) {
            // Several fields are one list (RFC 9110 section 5.3).
            if (!state.empty()) state += ',';
            state += header.value;
        }
    }
    if (context && !state.empty()) context->state = parse_tracestate(state).value_or("");
    return context;
}

void inject(const SpanContext& context, http::Headers& headers) {
    std::erase_if(headers, [](const http::Header& header) {
        return http::equal_name(header.name, kTraceparent) || http::equal_name(header.name, kTracestate);
    });
    if (!context.valid()) return;
    headers.push_back({std::string(kTraceparent), format_traceparent(context)});
    if (!context.state.empty()) headers.push_back({std::string(kTracestate), context.state});
}

}  // namespace loadgen::telemetry
