// Server-sent events, the client's side: the event stream format of the WHATWG HTML standard, section 9.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace loadgen::http {

/// Past either the stream is given up with an error.
struct EventStreamLimits {
    std::size_t max_line_bytes = 256 * 1024;
    std::size_t max_event_bytes = 1024 * 1024;  ///< of the data of one event
};

/// Views that die when the callback returns. Bytes as the server sent them; it should send UTF-8.
struct StreamEvent {
    std::string_view type;  ///< "message" when the server named none
    std::string_view data;  ///< its lines joined with '\n'
    std::string_view id;    ///< the last id that came, with this event or before; empty for none
};

class EventStreamEvents {
  public:
    virtual ~EventStreamEvents() = default;
    virtual void on_event(const StreamEvent& event) = 0;
    /// How long a client waits before it connects again, in milliseconds. Numbers beyond 32 bits are its
    /// largest.
    virtual void on_retry(std::uint32_t /*milliseconds*/) {}
    /// A comment, which servers send to keep a connection busy; without the colon.
    virtual void on_comment(std::string_view /*text*/) {}
};

/// Takes the body of an answer in pieces of any size. An event that the end of the body cuts off is none. Not
/// thread-safe; `events` must outlive it, and callbacks must not call the parser. Lines and events that come
/// in one piece are not copied more than once.
class EventStreamParser {
  public:
    explicit EventStreamParser(EventStreamEvents& events, const EventStreamLimits& limits = {})
        : events_(events), limits_(limits) {}

    /// kLimit: "event stream: line 7 is longer than 262144 bytes". Nothing is taken after an error.
    Result<void> feed(std::string_view bytes);

    /// What a client sends as Last-Event-ID when it connects again; empty for none.
    const std::string& last_event_id() const { return last_id_; }

  private:
    Result<void> take_line(std::string_view line);
    Result<void> take_field(std::string_view name, std::string_view value);
    void dispatch();
    Error give_up(std::string what, std::size_t limit);

    EventStreamEvents& events_;
    EventStreamLimits limits_;
    std::string carry_;  // the line that has begun, when it is split
    std::string data_;   // a '\n' behind every line
    std::string type_;
    std::string id_buffer_;  // becomes last_id_ with the next empty line
    std::string last_id_;
    std::uint64_t line_ = 1;        // the line being read, from 1
    std::uint64_t event_line_ = 0;  // where the data began
    bool after_cr_ = false;         // an LF that follows belongs to the line before
    std::string failure_;           // why nothing more is taken
};

}  // namespace loadgen::http
