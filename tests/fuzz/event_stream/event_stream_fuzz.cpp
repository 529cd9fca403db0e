// Event streams: pieces of any size give the events of the whole, and limits hold. The first byte is the size
// of the pieces.
#include <cstdint>
#include <string>

#include "common/http/event_stream.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using loadgen::test::require;

constexpr loadgen::http::EventStreamLimits kLimits{.max_line_bytes = 64, .max_event_bytes = 128};

class Record final : public loadgen::http::EventStreamEvents {
  public:
    void on_event(const loadgen::http::StreamEvent& event) override {
        require(!event.type.empty(), "an event has a type");
        require(event.data.size() <= kLimits.max_event_bytes + 64, "events are bounded");
        require(event.type.find_first_of("\r\n") == std::string_view::npos, "a type is one line");
        require(event.id.find('\0') == std::string_view::npos, "an id has no NUL");
        log.append(event.type)
            .append(1, '\1')
            .append(event.data)
            .append(1, '\1')
            .append(event.id)
            .append(1, '\2');
    }
    void on_retry(std::uint32_t milliseconds) override { log += "retry " + std::to_string(milliseconds); }
    void on_comment(std::string_view text) override { log.append("#").append(text); }

    std::string log;
};

std::string run(std::string_view stream, std::size_t piece) {
    Record record;
    loadgen::http::EventStreamParser parser(record, kLimits);
    for (std::size_t at = 0; at < stream.size(); at += piece) {
        const auto fed = parser.feed(stream.substr(at, piece));
        if (fed) continue;
        record.log += fed.error().message;
        break;
    }
    return record.log + parser.last_event_id();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    require(run(stream, stream.size() + 1) == run(stream, data[0] % 32U + 1U), "pieces change nothing");
    return 0;
}
