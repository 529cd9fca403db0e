// The defects that one span has by itself. Each function says by its result whether the span fits.
#include <algorithm>
#include <array>

#include "services/runtime/faults/trace_defects.hpp"

namespace loadgen::services::runtime {
namespace {

using telemetry::Attribute;
using telemetry::AttributeValue;
using telemetry::SpanData;
using telemetry::SpanKind;
using telemetry::SpanStatus;

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kSecond = 1'000 * kMs;
constexpr std::int64_t kHour = 3600 * kSecond;
constexpr int kFirstServerError = 500;
constexpr std::uint8_t kFlip = 0x5a;  // any pattern that changes every byte of an id

Attribute* find(SpanData& span, std::string_view key) {
    const auto found = std::find_if(span.attributes.begin(), span.attributes.end(),
                                    [key](const Attribute& attribute) { return attribute.key == key; });
    return found == span.attributes.end() ? nullptr : &*found;
}

bool erase(SpanData& span, std::string_view key) {
    return std::erase_if(span.attributes,
                         [key](const Attribute& attribute) { return attribute.key == key; }) > 0;
}

bool replace(SpanData& span, std::string_view key, AttributeValue value) {
    Attribute* attribute = find(span, key);
    if (attribute == nullptr) return false;
    attribute->value = std::move(value);
    return true;
}

bool add(SpanData& span, std::string_view key, AttributeValue value) {
    span.attributes.push_back({std::string(key), std::move(value)});
    return true;
}

template <typename Id>
void flip(Id& id) {
    for (std::uint8_t& byte : id.bytes) byte ^= kFlip;
}

void shift(SpanData& span, std::int64_t by_ns) {
    span.start.unix_ns += by_ns;
    span.end.unix_ns += by_ns;
    for (auto& event : span.events) event.time.unix_ns += by_ns;
}

bool is_child(const SpanData& span) {
    return span.parent.valid();
}
bool crosses(const SpanData& span) {
    return span.kind == SpanKind::kServer || span.kind == SpanKind::kClient;
}
bool is_http(SpanData& span) {
    return find(span, "http.request.method") != nullptr;
}
bool is_messaging(SpanData& span) {
    return find(span, "messaging.system") != nullptr;
}

// Identity.
bool partial(SpanData& span) {
    span.start = span.end = {};
    return true;
}
bool zero_id(SpanData& span) {
    span.context.span_id = {};
    return true;
}
bool truncated_id(SpanData& span) {
    std::fill_n(span.context.trace_id.bytes.begin(), span.context.trace_id.bytes.size() / 2, std::uint8_t{0});
    return true;
}
bool rewritten(SpanData& span) {
    if (!is_child(span) || !span.parent_remote) return false;
    flip(span.context.trace_id);
    span.parent = {};
    span.parent_remote = false;
    return true;
}

// Structure.
bool orphan(SpanData& span) {
    if (!is_child(span)) return false;
    flip(span.parent);
    return true;
}
bool extra_root(SpanData& span) {
    if (!is_child(span)) return false;
    span.parent = {};
    span.parent_remote = false;
    return true;
}
bool cycle(SpanData& span) {
    span.parent = span.context.span_id;
    return true;
}
bool unfinished(SpanData& span) {
    span.end = {};
    return true;
}
bool client_root(SpanData& span) {
    if (is_child(span) || span.links.empty()) return false;
    span.kind = SpanKind::kClient;
    return true;
}

// Time.
bool before_parent(SpanData& span) {
    if (!is_child(span) || span.parent_remote) return false;
    span.start.unix_ns -= 200 * kMs;
    return true;
}
bool outlives_parent(SpanData& span) {
    if (!is_child(span) || span.parent_remote) return false;
    span.end.unix_ns += 5 * kSecond;
    return true;
}
bool skew(SpanData& span) {
    shift(span, 2 * kSecond);
    return true;
}
bool negative_network(SpanData& span) {
    if (span.kind != SpanKind::kClient) return false;
    span.end.unix_ns = span.start.unix_ns + kMs / 1000;
    return true;
}
bool future(SpanData& span) {
    shift(span, kHour);
    return true;
}
bool zero_duration(SpanData& span) {
    if (!crosses(span)) return false;
    span.end = span.start;
    return true;
}

// Propagation, as far as a span tells.
bool flag_lost(SpanData& span) {
    const auto before = span.context.flags;
    span.context.flags = static_cast<std::uint8_t>(before & ~telemetry::kSampledFlag);
    return before != span.context.flags;
}
bool random_lost(SpanData& span) {
    const auto before = span.context.flags;
    span.context.flags = static_cast<std::uint8_t>(before & ~telemetry::kRandomFlag);
    return before != span.context.flags;
}
bool state_dropped(SpanData& span) {
    const bool had = !span.context.state.empty();
    span.context.state.clear();
    return had;
}
bool mixed(SpanData& span) {
    telemetry::SpanContext other = span.context;
    flip(other.trace_id);
    span.links.push_back({other, {{"reason", std::string("terminated_context")}}, 0});
    return true;
}

// Links.
bool link_missing(SpanData& span) {
    const bool had = !span.links.empty();
    span.links.clear();
    return had;
}
bool link_dangling(SpanData& span) {
    if (span.links.empty()) return false;
    flip(span.links.front().context.span_id);
    return true;
}
bool link_unknown(SpanData& span) {
    if (span.links.empty()) return false;
    flip(span.links.front().context.trace_id);
    return true;
}
bool link_and_parent(SpanData& span) {
    if (span.links.empty()) return false;
    span.context.trace_id = span.links.front().context.trace_id;
    span.parent = span.links.front().context.span_id;
    span.parent_remote = true;
    return true;
}
bool parent_only(SpanData& span) {
    return link_and_parent(span) && link_missing(span);
}
bool link_self(SpanData& span) {
    span.links.push_back({span.context, {}, 0});
    return true;
}
bool link_twice(SpanData& span) {
    if (span.links.empty()) return false;
    span.links.push_back(telemetry::SpanLink(span.links.front()));
    return true;
}
bool target_kind(SpanData& span) {
    if (span.kind != SpanKind::kProducer) return false;
    span.kind = SpanKind::kInternal;
    return true;
}
bool kind_pair(SpanData& span) {
    if (span.kind != SpanKind::kConsumer) return false;
    span.kind = SpanKind::kServer;
    return true;
}
bool link_order(SpanData& span) {
    if (span.links.empty() || span.kind != SpanKind::kConsumer) return false;
    shift(span, -10 * kSecond);
    return true;
}
bool link_count(SpanData& span) {
    Attribute* count = find(span, "messaging.batch.message_count");
    if (count == nullptr) return false;
    const auto* number = std::get_if<std::int64_t>(&count->value);
    count->value = number == nullptr ? std::int64_t{0} : *number + 1;
    return true;
}
bool message_id(SpanData& span) {
    return span.kind == SpanKind::kConsumer &&
           replace(span, "messaging.message.id", std::string("another-message"));
}
bool links_truncated(SpanData& span) {
    if (span.links.empty()) return false;
    span.links.pop_back();
    ++span.dropped_links;
    return true;
}
bool link_flags(SpanData& span) {
    if (span.links.empty()) return false;
    span.links.front().context.flags ^= telemetry::kSampledFlag;
    return true;
}

// Conventions.
bool required_missing(SpanData& span) {
    return erase(span, "messaging.system") || erase(span, "http.request.method");
}
bool conditional_missing(SpanData& span) {
    return erase(span, "messaging.destination.name") || erase(span, "http.route");
}
bool deprecated(SpanData& span) {
    if (is_messaging(span)) return add(span, "messaging.operation", std::string("publish"));
    return is_http(span) && add(span, "http.status_code", std::int64_t{200});
}
bool unknown_attribute(SpanData& span) {
    if (is_messaging(span)) return add(span, "messaging.colour", std::string("blue"));
    return is_http(span) && add(span, "http.colour", std::string("blue"));
}
bool enum_value(SpanData& span) {
    return replace(span, "messaging.operation.type", std::string("publish")) ||
           replace(span, "http.request.method", std::string("fetch"));
}
bool attribute_type(SpanData& span) {
    return replace(span, "http.response.status_code", std::string("200")) ||
           replace(span, "messaging.batch.message_count", std::string("many")) ||
           replace(span, "messaging.message.body.size", std::string("large"));
}
bool attribute_level(SpanData& span) {
    return add(span, "service.name", std::string("misplaced"));
}
bool kind(SpanData& span) {
    if (span.kind == SpanKind::kInternal) return false;
    span.kind = SpanKind::kInternal;
    return true;
}
bool name(SpanData& span) {
    const auto space = span.name.find(' ');
    if (space == std::string::npos) return false;
    span.name = span.name.substr(space + 1) + ' ' + span.name.substr(0, space);
    return true;
}
bool cardinality(SpanData& span) {
    span.name += ' ' + span.context.span_id.text();
    return true;
}

// Status.
bool status(SpanData& span) {
    const Attribute* code = find(span, "http.response.status_code");
    const auto* number = code == nullptr ? nullptr : std::get_if<std::int64_t>(&code->value);
    if (number == nullptr) return false;
    span.status = *number >= kFirstServerError ? SpanStatus::kUnset : SpanStatus::kError;
    erase(span, "error.type");
    return true;
}
bool status_mismatch(SpanData& span) {
    return replace(span, "http.response.status_code", std::int64_t{418});
}
bool silent_error(SpanData& span) {
    span.status = SpanStatus::kUnset;
    span.status_message.clear();
    span.events.push_back({"exception", span.end, {{"exception.type", std::string("injected")}}, 0});
    return true;
}

struct Change {
    TraceDefect defect;
    bool (*apply)(SpanData& span);
};

using enum TraceDefect;
constexpr std::array kChanges = {
    Change{kPartial, partial},
    Change{kZeroId, zero_id},
    Change{kTruncatedId, truncated_id},
    Change{kRewritten, rewritten},
    Change{kOrphan, orphan},
    Change{kExtraRoot, extra_root},
    Change{kCycle, cycle},
    Change{kUnfinished, unfinished},
    Change{kClientRoot, client_root},
    Change{kBeforeParent, before_parent},
    Change{kOutlivesParent, outlives_parent},
    Change{kSkew, skew},
    Change{kNegativeNetwork, negative_network},
    Change{kFuture, future},
    Change{kZeroDuration, zero_duration},
    Change{kFlagLost, flag_lost},
    Change{kRandomLost, random_lost},
    Change{kStateDropped, state_dropped},
    Change{kMixed, mixed},
    Change{kLinkMissing, link_missing},
    Change{kLinkDangling, link_dangling},
    Change{kLinkUnknown, link_unknown},
    Change{kParentOnly, parent_only},
    Change{kLinkAndParent, link_and_parent},
    Change{kLinkSelf, link_self},
    Change{kLinkTwice, link_twice},
    Change{kTargetKind, target_kind},
    Change{kKindPair, kind_pair},
    Change{kLinkOrder, link_order},
    Change{kLinkCount, link_count},
    Change{kMessageId, message_id},
    Change{kLinksTruncated, links_truncated},
    Change{kLinkFlags, link_flags},
    Change{kRequiredMissing, required_missing},
    Change{kConditionalMissing, conditional_missing},
    Change{kDeprecated, deprecated},
    Change{kUnknownAttribute, unknown_attribute},
    Change{kEnumValue, enum_value},
    Change{kAttributeType, attribute_type},
    Change{kAttributeLevel, attribute_level},
    Change{kKind, kind},
    Change{kName, name},
    Change{kCardinality, cardinality},
    Change{kStatus, status},
    Change{kStatusMismatch, status_mismatch},
    Change{kSilentError, silent_error},
};

}  // namespace

bool apply_to_span(TraceDefect defect, telemetry::SpanData& span) {
    for (const Change& change : kChanges) {
        if (change.defect == defect) return change.apply(span);
    }
    return false;
}

}  // namespace loadgen::services::runtime
