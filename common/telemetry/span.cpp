#include "common/telemetry/span.hpp"

#include <algorithm>
#include <utility>

#include "common/telemetry/tracer.hpp"

namespace loadgen::telemetry {
namespace {

// Cuts between characters, so that what is left is as valid as it was.
void shorten(std::string& text, std::size_t limit) {
    if (text.size() <= limit) return;
    std::size_t cut = limit;
    while (cut > 0 && limit - cut < 3 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
    text.resize(cut);
}

void shorten(AttributeValue& value, std::size_t limit) {
    if (auto* text = std::get_if<std::string>(&value)) shorten(*text, limit);
}

// Returns how many attributes did not fit.
std::uint32_t limit_attributes(Attributes& attributes, const SpanProcessor& processor) {
    std::uint32_t dropped = 0;
    if (attributes.size() > processor.max_attributes()) {
        dropped = static_cast<std::uint32_t>(attributes.size() - processor.max_attributes());
        attributes.resize(processor.max_attributes());
    }
    for (Attribute& attribute : attributes) shorten(attribute.value, processor.max_text_bytes());
    return dropped;
}

}  // namespace

Span& Span::operator=(Span&& other) noexcept {
    if (this == &other) return *this;
    end();
    context_ = std::move(other.context_);
    data_ = std::move(other.data_);
    processor_ = other.processor_;
    clock_ = other.clock_;
    wall_offset_ns_ = other.wall_offset_ns_;
    return *this;
}

void Span::set(std::string_view key, AttributeValue value) {
    if (!data_) return;
    shorten(value, processor_->max_text_bytes());
    Attributes& attributes = data_->attributes;
    const auto known = std::find_if(attributes.begin(), attributes.end(),
                                    [key](const Attribute& attribute) { return attribute.key == key; });
    if (known != attributes.end()) {
        known->value = std::move(value);
    } else if (attributes.size() < processor_->max_attributes()) {
        attributes.push_back({std::string(key), std::move(value)});
    } else {
        ++data_->dropped_attributes;
    }
}

void Span::rename(std::string_view name) {
    if (data_) data_->name = name;
}

void Span::add_link(const SpanContext& context, Attributes attributes) {
    if (!data_ || !context.valid()) return;
    if (data_->links.size() >= processor_->max_links()) {
        ++data_->dropped_links;
        return;
    }
    const std::uint32_t dropped = limit_attributes(attributes, *processor_);
    data_->links.push_back({context, std::move(attributes), dropped});
}

void Span::add_event(std::string_view name, Attributes attributes) {
    if (!data_) return;
    if (data_->events.size() >= processor_->max_events()) {
        ++data_->dropped_events;
        return;
    }
    const std::uint32_t dropped = limit_attributes(attributes, *processor_);
    data_->events.push_back({std::string(name), now(), std::move(attributes), dropped});
}

void Span::fail(std::string_view error_type, std::string_view message) {
    if (!data_) return;
    set_status(SpanStatus::kError, message);
    set("error.type", error_type);
    add_event("exception",
              {{"exception.type", std::string(error_type)}, {"exception.message", std::string(message)}});
}

void Span::set_status(SpanStatus status, std::string_view message) {
    if (!data_ || status == SpanStatus::kUnset || data_->status == SpanStatus::kOk) return;
    data_->status = status;
    data_->status_message = status == SpanStatus::kError ? message : std::string_view();
    shorten(data_->status_message, processor_->max_text_bytes());
}

void Span::end() {
    if (data_) end_at(now());
}

void Span::end_at(WallTime time) {
    if (!data_) return;
    data_->end = std::max(time, data_->start);
    data_->context = context_;
    processor_->on_end(std::move(data_));
}

WallTime Span::now() const {
    return {clock_->now().time_since_epoch().count() + wall_offset_ns_};
}

}  // namespace loadgen::telemetry
