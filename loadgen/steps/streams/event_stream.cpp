#include "loadgen/steps/streams/event_stream.hpp"

#include <utility>

#include "loadgen/steps/metric_names.hpp"
#include "loadgen/steps/requests/capture.hpp"
#include "loadgen/steps/requests/request.hpp"
#include "loadgen/steps/streams/event_intake.hpp"

namespace loadgen::steps {

// -- Events

EventIntake::EventIntake(Stage& stage, Strand& strand, const plan::EventStreamStep& step, BodyTools& tools)
    : stage_(stage), strand_(strand), step_(step), tools_(tools), parser_(*this) {}

bool EventIntake::is_event_stream(std::uint16_t status, const http::Headers& headers) {
    const http::Header* type = http::find_header(headers, "content-type");
    if (status != 200 || type == nullptr) return false;
    const std::string_view value = type->value;
    return http::equal_name(value.substr(0, value.find_first_of("; ")), "text/event-stream");
}

Intake EventIntake::feed(std::string_view bytes) {
    if (auto fed = parser_.feed(bytes); !fed && !enough_) {
        fault_ = std::move(fed).error().message;
        return Intake::kBroken;
    }
    return enough_ ? Intake::kEnough : Intake::kMore;
}

void EventIntake::on_event(const http::StreamEvent& event) {
    if (enough_) return;
    const Instant now = stage_.host.now();
    const plan::RequestStep& request = step_.request;
    AnswerBody body(event.data, tools_);
    const bool fits = !take_captures(stage_, *strand_.user, {}, request.matches, body);
    stage_.meter.event(fits, now);
    if (!first_) first_ = now - strand_.due;
    if (!fits) return;
    ++counted_;
    if (!request.captures.empty()) {
        missed_ = take_captures(stage_, *strand_.user, request.captures, {}, body);
    }
    enough_ = missed_ || counted_ == step_.events;
}

// -- The step

Next open_events(Stage& stage, Strand& strand, const plan::EventStreamStep& step, bool per_request,
                 BodyTools& tools) {
    const Next next = send_request(stage, strand, step.request, kNoEndpoint, per_request,
                                   {.request = nullptr,
                                    .kind = plan::ExchangeKind::kEventStream,
                                    .timeout = step.timeout,
                                    .time_ends = step.events == 0,
                                    .keep_headers = true});
    if (strand.waiting == Waiting::kAnswer && !stage.pretending) {
        strand.events = std::make_shared<EventIntake>(stage, strand, step, tools);
    }
    return next;
}

Next take_events_end(Stage& stage, Strand& strand, const plan::EventStreamStep& step, const Answer& answer,
                     BodyTools& tools) {
    strand.due = answer.done;
    const auto events = std::exchange(strand.events, nullptr);
    if (events && events->first()) stage.meter.first_event(*events->first(), answer);
    if (!answer.answered()) {
        fail(strand,
             events && !events->fault().empty() ? failure::kNoEventStream : std::string(error_code(answer)),
             std::string(answer.error));
        return Next::kGoOn;
    }
    stage.meter.stream_ended(answer);
    if (stage.pretending) {
        pretend_captures(stage, *strand.user, step.request.captures);
        pretend_captures(stage, *strand.user, step.head_captures);
        return leave_request(strand);
    }
    AnswerBody body(answer, tools);
    expect(stage, strand, step.request, body);
    const bool is_stream = EventIntake::is_event_stream(answer.status, *answer.headers);
    const bool short_of_events = events->counted() < step.events && !events->missed();
    if (!is_stream || short_of_events) stage.answer_failed = true;
    if (!is_stream) {
        fail(strand, failure::kNoEventStream, "the answer has status " + std::to_string(answer.status));
    } else if (short_of_events) {
        fail(strand, failure::kEventsEndedEarly,
             std::to_string(events->counted()) + " of " + std::to_string(step.events) + " events came");
    }
    std::optional<std::string> missed = events->missed();
    if (is_stream && !missed) missed = take_captures(stage, *strand.user, step.head_captures, {}, body);
    return conclude(stage, strand, step.request, answer, body, std::move(missed));
}

}  // namespace loadgen::steps
