#include "common/telemetry/span.hpp"

#include <algorithm>
#include <utility>

#include "common/telemetry/detail/span_record.hpp"
#include "common/telemetry/span_codec.hpp"
#include "common/telemetry/tracer.hpp"

namespace loadgen::telemetry {
namespace {

constexpr std::size_t kKeptBytes = 16 * 1024;

// Cuts between characters, so that what is left is as valid as it was.
std::string_view shortened(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    std::size_t cut = limit;
    while (cut > 0 && limit - cut < 3 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
    return text.substr(0, cut);
}

// Returns how many attributes did not fit.
std::uint32_t limit_attributes(Attributes& attributes, const SpanProcessor& processor) {
    std::uint32_t dropped = 0;
    if (attributes.size() > processor.max_attributes()) {
        dropped = static_cast<std::uint32_t>(attributes.size() - processor.max_attributes());
        attributes.resize(processor.max_attributes());
    }
    for (Attribute& attribute : attributes) {
        auto* text = std::get_if<std::string>(&attribute.value);
        if (text != nullptr) text->resize(shortened(*text, processor.max_text_bytes()).size());
    }
    return dropped;
}

}  // namespace

void SpanProcessor::on_encoded(const EncodedSpan& span) {
    on_end(std::make_unique<SpanData>(decode_span(span.message, span.scope)));
}

Span::Span() = default;
Span::Span(Span&&) noexcept = default;

Span::~Span() {
    end();
}

Span& Span::operator=(Span&& other) noexcept {
    if (this == &other) return *this;
    end();
    context_ = std::move(other.context_);
    record_ = std::move(other.record_);
    processor_ = other.processor_;
    clock_ = other.clock_;
    wall_offset_ns_ = other.wall_offset_ns_;
    return *this;
}

void Span::set_recorded(std::string_view key, AttributeView value) {
    if (auto* text = std::get_if<std::string_view>(&value))
        *text = shortened(*text, processor_->max_text_bytes());
    if (!record_->set(key, value, processor_->max_attributes())) ++record_->dropped_attributes;
}

void Span::rename(std::string_view name) {
    if (record_) record_->name = name;
}

void Span::add_link(const SpanContext& context, Attributes attributes) {
    if (!record_ || !context.valid()) return;
    if (record_->links() >= processor_->max_links()) {
        ++record_->dropped_links;
        return;
    }
    const std::uint32_t dropped = limit_attributes(attributes, *processor_);
    record_->add_link(context, attributes, dropped);
}

void Span::add_event(std::string_view name, Attributes attributes) {
    if (!record_) return;
    if (record_->events() >= processor_->max_events()) {
        ++record_->dropped_events;
        return;
    }
    const std::uint32_t dropped = limit_attributes(attributes, *processor_);
    record_->add_event(name, now(), attributes, dropped);
}

void Span::fail(std::string_view error_type, std::string_view message) {
    if (!record_) return;
    set_status(SpanStatus::kError, message);
    set("error.type", error_type);
    add_event("exception",
              {{"exception.type", std::string(error_type)}, {"exception.message", std::string(message)}});
}

void Span::set_status(SpanStatus status, std::string_view message) {
    if (!record_ || status == SpanStatus::kUnset || record_->status == SpanStatus::kOk) return;
    record_->status = status;
    record_->status_message =
        shortened(status == SpanStatus::kError ? message : std::string_view(), processor_->max_text_bytes());
}

void Span::end() {
    if (record_) end_at(now());
}

void Span::end_at(WallTime time) {
    if (!record_) return;
    const auto record = std::move(record_);
    // Kept from span to span, so that encoding allocates only until the longest was seen. Taken out while in
    // use: a processor may end spans of its own.
    thread_local std::string kept;
    std::string message = std::move(kept);
    message.clear();
    record->append_to(message, context_, std::max(time, record->start));
    processor_->on_encoded({message, record->scope});
    if (message.capacity() <= kKeptBytes) kept = std::move(message);
}

WallTime Span::now() const {
    return {clock_->now().time_since_epoch().count() + wall_offset_ns_};
}

}  // namespace loadgen::telemetry
