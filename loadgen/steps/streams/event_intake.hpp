// The server-sent events of one step as they come.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "common/http/event_stream.hpp"
#include "common/http/header.hpp"
#include "loadgen/plan/steps.hpp"

namespace loadgen::steps {

struct BodyTools;
struct Stage;
struct Strand;

/// What a piece of a body means for its exchange.
enum class Intake : std::uint8_t {
    kMore,    ///< it goes on
    kEnough,  ///< the user wants no more of it
    kBroken,  ///< it is no event stream; `fault()` says why
};

/// Kept by its strand while the answer comes. All references must outlive it.
class EventIntake final : private http::EventStreamEvents {
  public:
    EventIntake(Stage& stage, Strand& strand, const plan::EventStreamStep& step, BodyTools& tools);

    /// The answer has such a head: false when no events can come from it (WHATWG HTML, section 9.2.3).
    static bool is_event_stream(std::uint16_t status, const http::Headers& headers);

    /// Bytes of the body. Those behind the event that was enough are passed over.
    Intake feed(std::string_view bytes);
    const std::string& fault() const { return fault_; }
    /// Events that fit the step's matches.
    std::uint32_t counted() const { return counted_; }
    /// How long after the stream was due its first event came.
    std::optional<Nanos> first() const { return first_; }
    /// What the user fails by: a capture of an event that found nothing, in words.
    const std::optional<std::string>& missed() const { return missed_; }

  private:
    void on_event(const http::StreamEvent& event) override;

    Stage& stage_;
    Strand& strand_;
    const plan::EventStreamStep& step_;
    BodyTools& tools_;
    http::EventStreamParser parser_;
    std::string fault_;
    std::optional<std::string> missed_;
    std::uint32_t counted_ = 0;
    std::optional<Nanos> first_;
    bool enough_ = false;
};

}  // namespace loadgen::steps
