#include "common/telemetry/tracer.hpp"

#include <algorithm>
#include <cmath>

#include "common/base/random.hpp"
#include "common/telemetry/detail/span_record.hpp"

namespace loadgen::telemetry {
namespace {

constexpr double kRandomness = 0x1p56;  // values that the last 7 bytes of a trace id can take

Random& id_generator() {
    thread_local Random random(entropy_seed());
    return random;
}

template <typename Id>
void fill(Id& id) {
    Random& random = id_generator();
    do {
        for (std::size_t i = 0; i < id.bytes.size(); i += 8) {
            std::uint64_t word = random.next();
            for (std::size_t j = 0; j < 8; ++j, word >>= 8) id.bytes[i + j] = static_cast<std::uint8_t>(word);
        }
    } while (!id.valid());
}

std::uint64_t randomness(const TraceId& id) {
    std::uint64_t value = 0;
    for (std::size_t i = 9; i < 16; ++i) value = value << 8 | id.bytes[i];
    return value;
}

}  // namespace

std::uint64_t Tracer::threshold(double ratio) {
    if (!(ratio > 0)) return static_cast<std::uint64_t>(kRandomness);
    return static_cast<std::uint64_t>(std::llround((1 - std::min(ratio, 1.0)) * kRandomness));
}

Span Tracer::start(const SpanStart& how) const {
    Span span;
    const SpanContext* parent = how.parent != nullptr && how.parent->valid() ? how.parent : nullptr;
    if (parent != nullptr && processor_ == nullptr) {
        span.context_ = *parent;
        return span;
    }
    SpanContext& context = span.context_;
    if (parent != nullptr) {
        context.trace_id = parent->trace_id;
        context.flags = parent->flags & (kSampledFlag | kRandomFlag);
        context.state = parent->state;
    } else {
        fill(context.trace_id);
        context.flags = kRandomFlag;
        if (processor_ != nullptr && randomness(context.trace_id) >= threshold_)
            context.flags |= kSampledFlag;
    }
    fill(context.span_id);
    if (processor_ == nullptr) return span;
    const ParentOrigin origin = parent == nullptr ? ParentOrigin::kNone
                                : parent->remote  ? ParentOrigin::kRemote
                                                  : ParentOrigin::kLocal;
    processor_->on_start(origin, context.sampled());
    if (context.sampled()) record(span, how, parent);
    return span;
}

void Tracer::record(Span& span, const SpanStart& how, const SpanContext* parent) const {
    span.processor_ = processor_;
    span.clock_ = &clock_;
    const WallTime wall = clock_.wall_now();
    span.wall_offset_ns_ = wall.unix_ns - clock_.now().time_since_epoch().count();
    span.record_ = std::make_unique<detail::SpanRecord>();
    detail::SpanRecord& record = *span.record_;
    record.name = how.name;
    record.kind = how.kind;
    record.scope = scope_;
    record.start = how.at == WallTime{} ? wall : how.at;
    if (parent != nullptr) {
        record.parent = parent->span_id;
        record.parent_remote = parent->remote;
    }
    for (const SpanLink& link : how.links) span.add_link(link.context, link.attributes);
}

}  // namespace loadgen::telemetry
