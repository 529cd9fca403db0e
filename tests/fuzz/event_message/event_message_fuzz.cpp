// Whatever is read as an event is written in the canonical form, and read again it means the same.
#include <cstdint>

#include "services/contracts/event.hpp"
#include "services/contracts/message.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using loadgen::services::contracts::Event;

using loadgen::test::require;

/// Blanks and the like may not pass through two writers unchanged; bytes that are data must.
void check(const Event& event) {
    const std::string detail = loadgen::services::contracts::write_event(event);
    const std::string body = loadgen::services::contracts::write_message(
        {.id = "bus", .type = event.type, .source = event.source, .time = event.time, .detail = detail});
    if (body.size() > std::size_t{256} * 1024) return;
    const auto again = loadgen::services::contracts::read_message(body);
    require(again.has_value(), "what is written is read");
    require(again->id == event.id && again->type == event.type, "the same names");
    require(again->source == event.source, "the same source");
    require(again->data == event.data, "the same data");
    require(again->conversation_id == event.conversation_id, "the same conversation");
    require(again->trace.trace_id == event.trace.trace_id, "the same trace");
    require(again->trace.span_id == event.trace.span_id, "the same span");
    require(again->trace.state == event.trace.state, "the same state");
    require(again->envelope_bytes == body.size(), "the size of the message");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto event = loadgen::services::contracts::read_message(text);
    if (event) {
        require(!event->id.empty() && !event->type.empty(), "an event has a name and a type");
        require(event->body_bytes <= event->envelope_bytes, "the data is part of the message");
        check(*event);
    } else {
        require(event.error().message.starts_with("event: "), "the error says whose it is");
    }
    return 0;
}
