#include "services/runtime/faults/defective_spans.hpp"

#include <utility>

#include "services/runtime/faults/trace_defects.hpp"

namespace loadgen::services::runtime {
namespace {

using telemetry::SpanData;
using telemetry::SpanKind;

constexpr std::size_t kPassLate = 64;
constexpr std::size_t kDepth = 72;
constexpr std::size_t kFanOut = 200;
constexpr std::size_t kCalls = 20;
constexpr std::size_t kInternals = 25;
constexpr std::int64_t kMs = 1'000'000;

/// A span id that differs from `id` and from those of other numbers.
telemetry::SpanId derived(telemetry::SpanId id, std::size_t number) {
    // The multiplier of SplitMix64: every number changes many bits.
    std::uint64_t bits = (number + 1) * 0x9e3779b97f4a7c15ULL;
    for (std::uint8_t& byte : id.bytes) {
        byte = static_cast<std::uint8_t>(byte ^ (bits & 0xffU));
        bits >>= 8U;
    }
    return id;
}

SpanData child_of(const SpanData& parent, std::size_t number, std::string name, SpanKind kind) {
    SpanData child;
    child.context = parent.context;
    child.context.span_id = derived(parent.context.span_id, number);
    child.parent = parent.context.span_id;
    child.name = std::move(name);
    child.kind = kind;
    child.start = parent.start;
    child.end = parent.end;
    child.scope = parent.scope;
    return child;
}

struct Brood {
    std::size_t count;
    std::string_view name;
    SpanKind kind;
};

std::optional<Brood> brood_of(TraceDefect defect) {
    switch (defect) {
        case TraceDefect::kDepth:
            return Brood{kDepth, "deeper", SpanKind::kInternal};
        case TraceDefect::kFanOut:
            return Brood{kFanOut, "child", SpanKind::kInternal};
        case TraceDefect::kManyCalls:
            return Brood{kCalls, "SELECT one", SpanKind::kClient};
        case TraceDefect::kManyInternals:
            return Brood{kInternals, "small step", SpanKind::kInternal};
        case TraceDefect::kSpanExtra:
            return Brood{1, "unexpected", SpanKind::kInternal};
        default:
            return std::nullopt;
    }
}

}  // namespace

DefectiveSpans::DefectiveSpans(telemetry::SpanProcessor& next, Faults& faults, std::string service)
    : next_(next), faults_(faults), service_(std::move(service)) {}

DefectiveSpans::~DefectiveSpans() {
    for (Late& late : late_) next_.on_end(std::move(late.span));
}

void DefectiveSpans::on_encoded(const telemetry::EncodedSpan& span) {
    if (!faults_.active()) {
        release_late();
        return next_.on_encoded(span);
    }
    SpanProcessor::on_encoded(span);
}

void DefectiveSpans::on_end(SpanPtr span) {
    if (!faults_.active()) {
        release_late();
        return next_.on_end(std::move(span));
    }
    const auto defect = faults_.trace_defect(service_, DefectPlace::kSpan);
    release_late();
    remember(*span);
    if (!defect) return next_.on_end(std::move(span));
    if (apply_to_span(*defect, *span)) return next_.on_end(std::move(span));
    spoil(*defect, std::move(span));
}

void DefectiveSpans::spoil(TraceDefect defect, SpanPtr span) {
    switch (defect) {
        case TraceDefect::kSpanMissing:
            return;
        case TraceDefect::kEntryMissing:
            if (span->kind == SpanKind::kServer && span->parent_remote) return;
            break;
        case TraceDefect::kLate:
            return send_late(std::move(span));
        case TraceDefect::kRedelivered:
            next_.on_end(std::make_unique<SpanData>(*span));
            break;
        case TraceDefect::kDuplicateId: {
            auto twin = std::make_unique<SpanData>(*span);
            twin->name += " again";
            next_.on_end(std::move(twin));
            break;
        }
        case TraceDefect::kSpanCount: {
            auto twin = std::make_unique<SpanData>(*span);
            twin->context.span_id = derived(span->context.span_id, 0);
            next_.on_end(std::move(twin));
            break;
        }
        default:
            use_other_span(defect, *span);
            add_children(*span, defect);
    }
    next_.on_end(std::move(span));
}

void DefectiveSpans::send_late(SpanPtr span) {
    const std::lock_guard<std::mutex> lock(mutex_);
    late_.push_back({std::move(span), kPassLate});
    any_late_ = true;
}

void DefectiveSpans::release_late() {
    if (!any_late_.load(std::memory_order_relaxed)) return;
    SpanPtr due;
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        for (Late& late : late_) {
            if (late.left > 0) --late.left;
        }
        if (late_.empty() || late_.front().left > 0) return;
        due = std::move(late_.front().span);
        late_.pop_front();
        any_late_ = !late_.empty();
    }
    next_.on_end(std::move(due));
}

void DefectiveSpans::RecentTraces::add(const telemetry::SpanContext& context) {
    if (newest_ && newest_->trace_id != context.trace_id) before_ = newest_;
    newest_ = context;
}

const telemetry::SpanContext* DefectiveSpans::RecentTraces::other_than(
    const telemetry::TraceId& trace) const {
    if (newest_ && newest_->trace_id != trace) return &*newest_;
    return before_ ? &*before_ : nullptr;
}

void DefectiveSpans::remember(const SpanData& span) {
    const std::lock_guard<std::mutex> lock(mutex_);
    recent_spans_.add(span.context);
    if (!span.links.empty()) recent_links_.add(span.links.front().context);
}

void DefectiveSpans::use_other_span(TraceDefect defect, SpanData& span) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (defect == TraceDefect::kCross && span.parent.valid()) {
        const auto* other = recent_spans_.other_than(span.context.trace_id);
        if (other != nullptr) span.parent = other->span_id;
    }
    if (defect == TraceDefect::kLinkFalse && !span.links.empty()) {
        const auto* other = recent_links_.other_than(span.links.front().context.trace_id);
        if (other != nullptr) span.links.front().context = *other;
    }
}

void DefectiveSpans::add_children(const SpanData& span, TraceDefect defect) {
    const auto brood = brood_of(defect);
    if (!brood) return;
    const bool nested = defect == TraceDefect::kDepth;
    telemetry::SpanId above = span.context.span_id;
    for (std::size_t i = 0; i < brood->count; ++i) {
        auto child = std::make_unique<SpanData>(child_of(span, i, std::string(brood->name), brood->kind));
        if (nested) child->parent = std::exchange(above, child->context.span_id);
        if (defect == TraceDefect::kManyInternals) child->end.unix_ns = child->start.unix_ns + kMs;
        next_.on_end(std::move(child));
    }
}

}  // namespace loadgen::services::runtime
