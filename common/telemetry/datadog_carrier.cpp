#include "common/telemetry/datadog_carrier.hpp"

#include <charconv>
#include <span>

#include "common/telemetry/detail/hex.hpp"

namespace loadgen::telemetry {
namespace {

constexpr std::string_view kTraceIdName = "x-datadog-trace-id";
constexpr std::string_view kParentIdName = "x-datadog-parent-id";
constexpr std::string_view kPriorityName = "x-datadog-sampling-priority";
constexpr std::string_view kTagsName = "x-datadog-tags";
constexpr std::string_view kHighBitsTag = "_dd.p.tid";
constexpr std::size_t kMaxTagsLength = 512;  // dd-trace neither writes nor reads longer ones

std::uint64_t to_number(std::span<const std::uint8_t, 8> bytes) {
    std::uint64_t number = 0;
    for (const std::uint8_t byte : bytes) number = number << 8 | byte;
    return number;
}

void to_bytes(std::uint64_t number, std::span<std::uint8_t, 8> bytes) {
    for (std::size_t i = bytes.size(); i-- > 0; number >>= 8)
        bytes[i] = static_cast<std::uint8_t>(number & 0xff);
}

template <typename Number>
std::optional<Number> decimal(std::optional<std::string_view> text) {
    if (!text || text->empty()) return std::nullopt;
    Number number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
    return number;
}

// "a=b,_dd.p.tid=640cfd8d00000000,c=d": exactly 16 lower-case digits, not all zero.
void read_high_bits(std::string_view tags, std::span<std::uint8_t, 8> out) {
    while (!tags.empty()) {
        const std::size_t comma = tags.find(',');
        const std::string_view tag = tags.substr(0, comma);
        const std::size_t equals = tag.find('=');
        if (tag.substr(0, equals) == kHighBitsTag && equals != std::string_view::npos) {
            std::array<std::uint8_t, 8> high{};
            if (detail::read_lower_hex(tag.substr(equals + 1), high))
                std::copy(high.begin(), high.end(), out.begin());
            return;
        }
        if (comma == std::string_view::npos) return;
        tags.remove_prefix(comma + 1);
    }
}

std::optional<SpanContext> read_datadog_fields(const CarrierLookup& lookup) {
    const auto trace_id = decimal<std::uint64_t>(lookup(kTraceIdName));
    const auto parent_id = decimal<std::uint64_t>(lookup(kParentIdName));
    if (!trace_id || *trace_id == 0 || !parent_id || *parent_id == 0) return std::nullopt;
    SpanContext context;
    const std::span<std::uint8_t, 16> id(context.trace_id.bytes);
    to_bytes(*trace_id, id.last<8>());
    to_bytes(*parent_id, context.span_id.bytes);
    if (const auto tags = lookup(kTagsName); tags && tags->size() <= kMaxTagsLength) {
        read_high_bits(*tags, id.first<8>());
    }
    // Without a decision the receiver decides; sampled is what keeps the trace whole.
    if (decimal<std::int64_t>(lookup(kPriorityName)).value_or(1) > 0) context.flags = kSampledFlag;
    context.remote = true;
    return context;
}

}  // namespace

void append_carrier(const SpanContext& context, std::vector<std::pair<std::string, std::string>>& carrier) {
    if (!context.valid()) return;
    const std::span<const std::uint8_t, 16> id(context.trace_id.bytes);
    carrier.emplace_back("traceparent", format_traceparent(context));
    if (!context.state.empty()) carrier.emplace_back("tracestate", context.state);
    carrier.emplace_back(kTraceIdName, std::to_string(to_number(id.last<8>())));
    carrier.emplace_back(kParentIdName, std::to_string(to_number(context.span_id.bytes)));
    carrier.emplace_back(kPriorityName, context.sampled() ? "1" : "0");
    if (to_number(id.first<8>()) == 0) return;
    std::string tag(kHighBitsTag);
    tag += '=';
    detail::append_lower_hex(tag, id.first<8>());
    carrier.emplace_back(kTagsName, std::move(tag));
}

std::optional<SpanContext> read_carrier(const CarrierLookup& lookup) {
    if (const auto traceparent = lookup("traceparent")) {
        if (auto context = parse_traceparent(*traceparent)) {
            if (const auto state = lookup("tracestate"))
                context->state = parse_tracestate(*state).value_or("");
            return context;
        }
    }
    return read_datadog_fields(lookup);
}

}  // namespace loadgen::telemetry
