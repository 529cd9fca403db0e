#include "services/platform/sse.hpp"

namespace loadgen::services::platform {
namespace {

constexpr std::size_t kMaxEventIdBytes = 256;

/// The first line, without NULs.
void append_word(std::string& out, std::string_view name, std::string_view value) {
    value = value.substr(0, value.find_first_of("\r\n"));
    if (value.empty()) return;
    out += name;
    out += ": ";
    for (const char c : value) {
        if (c != '\0') out += c;
    }
    out += '\n';
}

/// A field for each line; CR LF, LF and CR end lines.
void append_lines(std::string& out, std::string_view prefix, std::string_view text) {
    for (;;) {
        const auto end = text.find_first_of("\r\n");
        out += prefix;
        out += text.substr(0, end);
        out += '\n';
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
    }
}

}  // namespace

void append_event(std::string& out, const ServerEvent& event) {
    append_word(out, "id", event.id);
    append_word(out, "event", event.event);
    append_lines(out, "data: ", event.data);
    out += '\n';
}

void append_comment(std::string& out, std::string_view text) {
    append_lines(out, text.empty() ? ":" : ": ", text);
    out += '\n';
}

void append_retry(std::string& out, std::uint32_t milliseconds) {
    out += "retry: " + std::to_string(milliseconds) + "\n\n";
}

std::shared_ptr<Stream> open_event_stream(Call& call) {
    http::Response head;
    head.headers.push_back({"content-type", "text/event-stream"});
    head.headers.push_back({"cache-control", "no-store"});
    // Proxies that gather answers before they pass them on would hold events back.
    head.headers.push_back({"x-accel-buffering", "no"});
    return call.answer_stream(std::move(head));
}

bool send_event(Stream& stream, const ServerEvent& event) {
    std::string bytes;
    append_event(bytes, event);
    return stream.write(bytes);
}

std::optional<std::string_view> last_event_id(const http::Request& request) {
    const http::Header* header = http::find_header(request.headers, "last-event-id");
    if (header == nullptr || header->value.empty() || header->value.size() > kMaxEventIdBytes) {
        return std::nullopt;
    }
    return header->value;
}

}  // namespace loadgen::services::platform
