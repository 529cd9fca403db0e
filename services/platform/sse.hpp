// Server-sent events: the event stream format of the WHATWG HTML standard, section 9.2.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "services/platform/call.hpp"
#include "services/platform/stream.hpp"

namespace loadgen::services::platform {

/// One event. Line ends in `data` become lines of data. `id` and `event` are cut at a line end and lose NULs,
/// which would change their meaning for the client.
struct ServerEvent {
    std::string_view data;
    std::string_view id = {};  ///< what the client sends as Last-Event-ID when it comes again; empty for none
    std::string_view event = {};  ///< the type; empty for "message"
};

void append_event(std::string& out, const ServerEvent& event);
/// A line that clients ignore, to keep the connection busy.
void append_comment(std::string& out, std::string_view text = {});
/// How long the client waits before it comes again.
void append_retry(std::string& out, std::uint32_t milliseconds);

/// Answers 200 with an event stream.
std::shared_ptr<Stream> open_event_stream(Call& call);
bool send_event(Stream& stream, const ServerEvent& event);

/// The request's Last-Event-ID, or none when it is missing, empty or above 256 bytes.
std::optional<std::string_view> last_event_id(const http::Request& request);

}  // namespace loadgen::services::platform
