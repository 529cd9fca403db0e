// Defects of trace data that a sender can cause, put in on purpose (docs/faults.md). The names are those that
// trace checks report.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/telemetry/span.hpp"
#include "services/contracts/event.hpp"
#include "services/runtime/faults/faults.hpp"

namespace loadgen::services::runtime {

/// In the order of the table. Never stored as a number: files hold names.
enum class TraceDefect : std::uint8_t {
    // What an event carries.
    kCarrierFormat,
    kCarrierZero,
    kCarrierTruncated,
    kCarrierCase,
    kCarrierMissing,
    kCarrierForeign,
    kCarrierMixed,
    kCarrierFlagLost,
    kCarrierFlagForged,
    kCarrierRandomLost,
    kCarrierStateDropped,
    kEventTime,
    // What a span says of itself and its place.
    kPartial,
    kZeroId,
    kTruncatedId,
    kRewritten,
    kDuplicateId,
    kRedelivered,
    kEntryMissing,
    kOrphan,
    kExtraRoot,
    kCycle,
    kCross,
    kUnfinished,
    kLate,
    kDepth,
    kFanOut,
    kManyCalls,
    kManyInternals,
    kClientRoot,
    // Time.
    kBeforeParent,
    kOutlivesParent,
    kSkew,
    kNegativeNetwork,
    kFuture,
    kZeroDuration,
    // Flags and state of spans.
    kFlagLost,
    kRandomLost,
    kStateDropped,
    kMixed,
    // Links and messages.
    kLinkMissing,
    kLinkDangling,
    kLinkUnknown,
    kParentOnly,
    kLinkAndParent,
    kLinkSelf,
    kLinkTwice,
    kTargetKind,
    kKindPair,
    kLinkOrder,
    kLinkCount,
    kMessageId,
    kLinksTruncated,
    kLinkFlags,
    kLinkFalse,
    // Conventions, status, completeness.
    kRequiredMissing,
    kConditionalMissing,
    kDeprecated,
    kUnknownAttribute,
    kEnumValue,
    kAttributeType,
    kAttributeLevel,
    kKind,
    kName,
    kCardinality,
    kStatus,
    kStatusMismatch,
    kSilentError,
    kSpanMissing,
    kSpanExtra,
    kSpanCount,
};

/// What the program does about one defect.
struct TraceDefectRow {
    TraceDefect defect;
    std::string_view name;  ///< "L-MISSING"; unique together with the place
    DefectPlace place;
    std::string_view what;  ///< what is done, for docs and help
};

std::span<const TraceDefectRow> trace_defect_table();
const TraceDefectRow& trace_defect_row(TraceDefect defect);
/// The rows with this name: one for events, one for spans, or both; empty when no sender can cause it.
std::span<const TraceDefectRow> trace_defects_named(std::string_view name);

/// For defects of events. `event` is what was published, `detail_json` the CloudEvent that write_event made
/// of it: its carriers are rewritten, everything else stays byte for byte. Nothing happens for an event
/// without a trace context, except kEventTime.
void apply_to_event(TraceDefect defect, const contracts::Event& event, std::string& detail_json);

/// For defects that one span can have by itself; the others (more spans, fewer, later) are made by
/// DefectiveSpans. True when the span was changed: some defects only fit some spans.
bool apply_to_span(TraceDefect defect, telemetry::SpanData& span);

}  // namespace loadgen::services::runtime
