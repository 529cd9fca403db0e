// The input's lines are: traceparent, tracestate, then the fields of a carrier. Whatever is accepted comes
// out in a form that is accepted again and means the same.
#include <array>
#include <cstdint>

#include "common/telemetry/datadog_carrier.hpp"
#include "common/telemetry/trace_context.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using loadgen::telemetry::SpanContext;

using loadgen::test::require;

void check(const SpanContext& context) {
    require(context.valid() && context.remote, "what is read names a span elsewhere");
    const auto again = loadgen::telemetry::parse_traceparent(loadgen::telemetry::format_traceparent(context));
    require(again && again->trace_id == context.trace_id && again->span_id == context.span_id,
            "the same ids");
    require(again->flags == (context.flags & 3), "the same known flags");
    require(context.state.size() <= 512, "the state is short");
    require(loadgen::telemetry::parse_tracestate(context.state) == context.state,
            "the state is in its final form");
    loadgen::http::Headers headers;
    loadgen::telemetry::inject(context, headers);
    const auto extracted = loadgen::telemetry::extract(headers);
    require(extracted && extracted->state == context.state, "what is sent is read");
}

std::string_view next_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    constexpr std::array<std::string_view, 6> kNames = {"traceparent",
                                                        "tracestate",
                                                        "x-datadog-trace-id",
                                                        "x-datadog-parent-id",
                                                        "x-datadog-sampling-priority",
                                                        "x-datadog-tags"};
    std::array<std::string_view, kNames.size()> values;
    for (std::string_view& value : values) value = next_line(text);
    const auto context = loadgen::telemetry::extract(
        {{"Traceparent", std::string(values[0])}, {"tracestate", std::string(values[1])}});
    if (context) check(*context);
    if (const auto state = loadgen::telemetry::parse_tracestate(values[1])) {
        require(loadgen::telemetry::parse_tracestate(*state) == *state, "normalising twice changes nothing");
    }
    const auto carried =
        loadgen::telemetry::read_carrier([&](std::string_view name) -> std::optional<std::string_view> {
            for (std::size_t i = 0; i < kNames.size(); ++i) {
                if (kNames[i] == name && !values[i].empty()) return values[i];
            }
            return std::nullopt;
        });
    if (carried) check(*carried);
    return 0;
}
