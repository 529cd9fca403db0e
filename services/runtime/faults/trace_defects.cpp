#include "services/runtime/faults/trace_defects.hpp"

#include <algorithm>
#include <array>

namespace loadgen::services::runtime {
namespace {

using enum TraceDefect;
constexpr DefectPlace kEvent = DefectPlace::kEvent;
constexpr DefectPlace kSpan = DefectPlace::kSpan;

constexpr std::array kTable = {
    TraceDefectRow{kCarrierFormat, "W-TP-FORMAT", kEvent, "traceparent without its flags: three fields"},
    TraceDefectRow{kCarrierZero, "I-ZERO", kEvent, "all-zero trace id in every carrier"},
    TraceDefectRow{kCarrierTruncated, "I-TRUNC64", kEvent, "high half of the trace id zero"},
    TraceDefectRow{kCarrierCase, "I-CASE", kEvent, "ids in upper case"},
    TraceDefectRow{kCarrierMissing, "P-STRAY", kEvent,
                   "no context at all: the consumer's trace hangs in the air"},
    TraceDefectRow{kCarrierForeign, "I-REWRITE", kEvent, "the context of a trace that nobody knows"},
    TraceDefectRow{kCarrierMixed, "P-MIXED", kEvent, "_datadog names another trace than traceparent"},
    TraceDefectRow{kCarrierFlagLost, "P-FLAG-LOST", kEvent, "sampled trace, carried as not sampled"},
    TraceDefectRow{kCarrierFlagForged, "P-FLAG-FORGED", kEvent,
                   "trace that is not sampled, carried as sampled"},
    TraceDefectRow{kCarrierRandomLost, "P-RANDOM", kEvent, "random flag cleared"},
    TraceDefectRow{kCarrierStateDropped, "P-STATE-DROP", kEvent, "tracestate left out"},
    TraceDefectRow{kEventTime, "S-CE-TIME", kEvent, "time of the CloudEvent as epoch milliseconds"},
    TraceDefectRow{kPartial, "W-PARTIAL", kSpan, "no start and no end"},
    TraceDefectRow{kZeroId, "I-ZERO", kSpan, "all-zero span id"},
    TraceDefectRow{kTruncatedId, "I-TRUNC64", kSpan, "high half of the trace id zero"},
    TraceDefectRow{kRewritten, "I-REWRITE", kSpan, "a span below a remote parent begins a trace of its own"},
    TraceDefectRow{kDuplicateId, "I-DUP", kSpan, "a second, different span under the same id"},
    TraceDefectRow{kRedelivered, "I-REDELIVER", kSpan, "the same span twice"},
    TraceDefectRow{kEntryMissing, "T-ENTRY", kSpan, "a server span below a remote parent is not sent"},
    TraceDefectRow{kOrphan, "T-ORPHAN", kSpan, "a parent id that does not exist"},
    TraceDefectRow{kExtraRoot, "T-MULTIROOT", kSpan, "a span below a parent says that it is a root"},
    TraceDefectRow{kCycle, "T-CYCLE", kSpan, "a span is its own parent"},
    TraceDefectRow{kCross, "T-CROSS", kSpan, "the parent is a span of another trace"},
    TraceDefectRow{kUnfinished, "T-UNFINISHED", kSpan, "end time 0"},
    TraceDefectRow{kLate, "T-LATE", kSpan, "sent 64 spans later than it should be"},
    TraceDefectRow{kDepth, "T-DEPTH", kSpan, "72 spans below one another"},
    TraceDefectRow{kFanOut, "T-FANOUT", kSpan, "200 children more"},
    TraceDefectRow{kManyCalls, "T-N+1", kSpan, "20 client spans of the same name side by side"},
    TraceDefectRow{kManyInternals, "T-INTERNAL", kSpan, "25 internal spans of 1 ms"},
    TraceDefectRow{kClientRoot, "T-ROOTCLIENT", kSpan, "the root of a linked trace has kind CLIENT"},
    TraceDefectRow{kBeforeParent, "C-BEFORE", kSpan, "a child starts 200 ms earlier than it did"},
    TraceDefectRow{kOutlivesParent, "C-OUTSIDE", kSpan, "a child ends 5 s later than it did"},
    TraceDefectRow{kSkew, "C-SKEW", kSpan, "the whole span 2 s later; with share 1 the clock of a process"},
    TraceDefectRow{kNegativeNetwork, "C-NEGNET", kSpan, "a client span that lasts 1 us"},
    TraceDefectRow{kFuture, "C-FUTURE", kSpan, "the whole span one hour later"},
    TraceDefectRow{kZeroDuration, "C-ZERODUR", kSpan, "a server or client span ends when it starts"},
    TraceDefectRow{kFlagLost, "P-FLAG-LOST", kSpan, "sampled flag cleared"},
    TraceDefectRow{kRandomLost, "P-RANDOM", kSpan, "random flag cleared"},
    TraceDefectRow{kStateDropped, "P-STATE-DROP", kSpan, "tracestate left out"},
    TraceDefectRow{kMixed, "P-MIXED", kSpan, "a link with the reason terminated_context"},
    TraceDefectRow{kLinkMissing, "L-MISSING", kSpan, "no links"},
    TraceDefectRow{kLinkDangling, "L-DANGLING", kSpan, "a link to a span that the trace does not have"},
    TraceDefectRow{kLinkUnknown, "L-UNKNOWN", kSpan, "a link to a trace that nobody knows"},
    TraceDefectRow{kParentOnly, "L-PARENTONLY", kSpan, "the linked span becomes the parent"},
    TraceDefectRow{kLinkAndParent, "L-BOTH", kSpan, "the linked span becomes the parent and stays linked"},
    TraceDefectRow{kLinkSelf, "L-SELF", kSpan, "a link to itself"},
    TraceDefectRow{kLinkTwice, "L-DUP", kSpan, "the same link twice"},
    TraceDefectRow{kTargetKind, "L-TARGET-KIND", kSpan, "a producer span has kind INTERNAL"},
    TraceDefectRow{kKindPair, "L-KINDPAIR", kSpan, "a consumer span has kind SERVER"},
    TraceDefectRow{kLinkOrder, "L-ORDER", kSpan, "a linking consumer starts 10 s earlier than it did"},
    TraceDefectRow{kLinkCount, "L-COUNT", kSpan, "messaging.batch.message_count is one too many"},
    TraceDefectRow{kMessageId, "L-ID", kSpan, "a consumer's messaging.message.id is another one"},
    TraceDefectRow{kLinksTruncated, "L-TRUNC", kSpan, "the last link is dropped and counted as dropped"},
    TraceDefectRow{kLinkFlags, "L-FLAGS", kSpan, "flags of a link contradict its target"},
    TraceDefectRow{kLinkFalse, "L-FALSE", kSpan, "a link to the event of another request"},
    TraceDefectRow{kRequiredMissing, "S-REQ", kSpan, "without messaging.system or http.request.method"},
    TraceDefectRow{kConditionalMissing, "S-COND", kSpan, "without messaging.destination.name or http.route"},
    TraceDefectRow{kDeprecated, "S-DEPR", kSpan,
                   "http.status_code or messaging.operation beside today's name"},
    TraceDefectRow{kUnknownAttribute, "S-UNKNOWN", kSpan, "messaging.colour or http.colour"},
    TraceDefectRow{kEnumValue, "S-ENUM", kSpan,
                   "messaging.operation.type or http.request.method out of range"},
    TraceDefectRow{kAttributeType, "S-TYPE", kSpan, "a number that is a text"},
    TraceDefectRow{kAttributeLevel, "S-LEVEL", kSpan, "service.name on the span"},
    TraceDefectRow{kKind, "S-KIND", kSpan, "kind INTERNAL for a server, client, producer or consumer"},
    TraceDefectRow{kName, "S-NAME", kSpan, "a name in the wrong order: \"orders.created publish\""},
    TraceDefectRow{kCardinality, "S-CARD", kSpan, "the span id in the name"},
    TraceDefectRow{kStatus, "E-STATUS", kSpan, "a 5xx without, or a good answer with, status Error"},
    TraceDefectRow{kStatusMismatch, "E-MISMATCH", kSpan, "a status code that was not answered"},
    TraceDefectRow{kSilentError, "E-SILENT", kSpan, "an exception event without status Error"},
    TraceDefectRow{kSpanMissing, "N-SPAN", kSpan,
                   "not sent; with share 1 a service falls silent (N-SERVICE)"},
    TraceDefectRow{kSpanExtra, "N-EXTRA", kSpan, "one span more, of a kind that no contract knows"},
    TraceDefectRow{kSpanCount, "N-COUNT", kSpan, "one more of its kind, under its own id"},
};
static_assert(kTable.size() == static_cast<std::size_t>(kSpanCount) + 1, "one row a defect");

/// Same name, next to each other in this order, so that a name is one range of rows.
const std::vector<TraceDefectRow>& rows_by_name() {
    static const std::vector<TraceDefectRow> kSorted = [] {
        std::vector<TraceDefectRow> rows(kTable.begin(), kTable.end());
        std::stable_sort(rows.begin(), rows.end(),
                         [](const auto& a, const auto& b) { return a.name < b.name; });
        return rows;
    }();
    return kSorted;
}

}  // namespace

std::span<const TraceDefectRow> trace_defect_table() {
    return kTable;
}

const TraceDefectRow& trace_defect_row(TraceDefect defect) {
    return kTable[static_cast<std::size_t>(defect)];
}

std::span<const TraceDefectRow> trace_defects_named(std::string_view name) {
    const auto& rows = rows_by_name();
    const auto first =
        std::find_if(rows.begin(), rows.end(), [name](const auto& row) { return row.name == name; });
    const auto last = std::find_if(first, rows.end(), [name](const auto& row) { return row.name != name; });
    return {first, last};
}

}  // namespace loadgen::services::runtime
